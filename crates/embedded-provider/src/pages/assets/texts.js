// The texts of the page, in the selected language.

const data = JSON.parse(document.getElementById("data").textContent);
let language = data.language;

/** The data that the server put into the page. */
export const page = data;

/** A text, with its placeholders filled in. */
export function text(key, places = {}) {
  const sentence = data.texts[language][key];
  const known = { application: data.application, ...places };
  return sentence?.replace(/\{(\w+)\}/g, (_, name) => known[name]);
}

/** The text for an error code. */
export function problemText(code) {
  return text(code) ?? text(code.startsWith("connector.") ? "connector.failed" : "unknown");
}

/** Writes all fixed texts in a new language, then calls `then` for the others. */
export function speak(newLanguage, then) {
  language = newLanguage;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  nameRegions();
  then();
}

/** Names the regions in the selected language and sorts them by that language's rules. */
function nameRegions() {
  const select = document.getElementById("country");
  const chosen = select.selectedOptions[0];
  const names = new Intl.DisplayNames([language], { type: "region" });
  for (const option of select.options) {
    option.textContent = `${names.of(option.value)} +${option.dataset.callingCode}`;
  }
  const { compare } = new Intl.Collator(language);
  select.append(...[...select.options].sort((one, other) => compare(one.textContent, other.textContent)));
  chosen.selected = true; // moving it may have unset it
}
