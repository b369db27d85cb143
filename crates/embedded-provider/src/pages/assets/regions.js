// The choice of a country or region: a select, and a dialog that finds one by its name, code or calling code.

const $ = (id) => document.getElementById(id);
const select = $("country");
const dialog = $("regions");
const search = $("region-search");
const list = $("region-list");
const english = new Intl.DisplayNames(["en"], { type: "region" });
let active = null; // the item that Enter takes

/** Names the regions in the selected language and sorts them by that language's rules. */
export function nameRegions(language) {
  const chosen = select.selectedOptions[0];
  const names = new Intl.DisplayNames([language], { type: "region" });
  for (const option of select.options) {
    option.dataset.name = names.of(option.value);
    option.textContent = `${option.dataset.name} +${option.dataset.callingCode}`;
  }
  const { compare } = new Intl.Collator(language);
  select.append(...[...select.options].sort((one, other) => compare(one.textContent, other.textContent)));
  chosen.selected = true; // moving it may have unset it
}

/** The text without accents and cases, and with hiragana as katakana, in which Japanese names are written. */
const folded = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .toLowerCase()
    .trim();

function matches(option, wanted) {
  const digits = wanted.replace(/^\+/, "");
  return (
    folded(option.dataset.name).includes(wanted) ||
    folded(english.of(option.value)).includes(wanted) ||
    option.value.toLowerCase() === wanted ||
    (/^\d+$/.test(digits) && option.dataset.callingCode.startsWith(digits))
  );
}

function showMatches() {
  const wanted = folded(search.value);
  const options = [...select.options].filter((option) => matches(option, wanted));
  list.replaceChildren(...options.map(item));
  $("region-none").hidden = options.length > 0;
  const chosen = list.querySelector("[aria-selected=true]");
  activate(wanted ? list.firstElementChild : (chosen ?? list.firstElementChild));
}

function item(option) {
  const element = document.createElement("li");
  const code = document.createElement("span");
  code.textContent = `+${option.dataset.callingCode}`;
  element.append(option.dataset.name, code);
  element.id = `region-${option.value}`;
  element.dataset.region = option.value;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", String(option.selected));
  return element;
}

function activate(element) {
  active?.classList.remove("active");
  active = element;
  active?.classList.add("active");
  active?.scrollIntoView({ block: "nearest" });
  search.setAttribute("aria-activedescendant", active?.id ?? "");
}

function open(typed = "") {
  search.value = typed;
  dialog.showModal();
  showMatches();
  active?.scrollIntoView({ block: "center" });
  search.focus();
}

function take(element) {
  if (!element) return;
  select.value = element.dataset.region;
  dialog.close();
  select.dispatchEvent(new Event("change"));
}

function onKeyOfSelect(event) {
  const opens = ["Enter", " ", "ArrowDown", "ArrowUp", "Process"].includes(event.key);
  const typed = event.key.length === 1 && event.key !== " " ? event.key : "";
  if (event.ctrlKey || event.metaKey || event.altKey || !(opens || typed)) return;
  event.preventDefault();
  open(typed);
}

function onKeyOfSearch(event) {
  if (event.isComposing) return;
  const next = { ArrowDown: active?.nextElementSibling, ArrowUp: active?.previousElementSibling };
  if (event.key in next) activate(next[event.key] ?? active);
  else if (event.key === "Enter") take(active);
  else return;
  event.preventDefault();
}

select.addEventListener("keydown", onKeyOfSelect);
for (const type of ["mousedown", "touchend"]) {
  select.addEventListener(type, (event) => {
    if (!event.cancelable) return; // the end of a scroll
    event.preventDefault();
    open();
  });
}
search.addEventListener("input", showMatches);
search.addEventListener("keydown", onKeyOfSearch);
list.addEventListener("click", (event) => take(event.target.closest("li")));
$("region-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("close", () => select.focus());
