// The texts of the page, in the selected language.

const data = JSON.parse(document.getElementById("data").textContent);
const A_YEAR = 365 * 24 * 60 * 60;
let language = data.language;

/** The data that the server put into the page. */
export const page = data;

/** A text, with its placeholders filled in. */
export function text(key, places = {}) {
  const sentence = data.texts[language][key];
  const known = { application: data.application, ...places };
  return sentence?.replace(/\{(\w+)\}/g, (_, name) => known[name]);
}

/** The text for an error. An error of the connector has a reason. */
export function problemText({ code, data: { reason, character }, wait }) {
  const places = { character, wait: duration(wait) };
  return text(`connector.${reason}`) ?? text(code, places) ?? text(code.startsWith("connector.") ? "connector.service" : "unknown");
}

/** A time in the selected language, such as "5 minutes". */
export function duration(seconds) {
  if (!seconds) return text("a_moment");
  const [unit, size] = [["day", 86_400], ["hour", 3_600], ["minute", 60]].find(([, size]) => seconds >= size) ?? ["second", 1];
  const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
  const time = format.format(Math.ceil(seconds / size));
  return language === "en" ? time : time.replace(" ", ""); // as it is written between other characters
}

/** Remembers the language that the person chose, for a reload and for the application, which has the same cookie. */
export function choose(newLanguage, then) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `language=${newLanguage}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax${secure}`;
  const url = new URL(location.href);
  url.searchParams.set("ui_locales", newLanguage);
  history.replaceState(history.state, "", url);
  speak(newLanguage, then);
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
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = text(element.dataset.placeholder);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  then(language);
}
