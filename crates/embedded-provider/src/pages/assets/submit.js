// Presses the button of the page's form at once, so that the button's own value is sent. Without scripts a person does.
const form = document.querySelector("form[data-submit]");
form.requestSubmit(form.querySelector("button"));
