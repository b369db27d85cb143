// Submits the page's form at once. Its button is for browsers without scripts.
document.querySelector("form[data-submit]").submit();
