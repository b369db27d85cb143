// Shows the messages of the sandbox, one phone for each number, and keeps them up to date. Messages are inserted as
// text,
// never as markup.

const byId = (id) => document.getElementById(id);
const search = byId("search");
const news = byId("news");
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });

/** The shown elements, by id and by number. An update keeps them, so that no focus is lost. */
const items = new Map();
const phones = new Map();

function clone(template) {
  return byId(template).content.cloneNode(true).firstElementChild;
}

async function remove(path) {
  await fetch(path, { method: "DELETE" }).catch(() => {}); // the page then shows that the sandbox is offline
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code); // there is no clipboard outside of secure contexts
    document.execCommand("copy");
  }
}

function prepareCopyButton(button, code) {
  const label = button.querySelector(".label");
  const show = (isDone) => {
    button.classList.toggle("done", isDone);
    label.textContent = isDone ? button.dataset.copied : button.dataset.copy;
  };
  show(false);
  button.addEventListener("click", async () => {
    await copy(code);
    show(true);
    news.textContent = button.dataset.copied;
    setTimeout(show, 2000, false);
  });
}

/** Separates the sign name from the text and emphasizes the code. */
function fill(bubble, message, code) {
  const { text, signName } = message;
  const signLength = signName.length + 2; // with its brackets
  bubble.querySelector(".sign").textContent = text.slice(0, signLength);
  const rest = text.slice(signLength);
  if (/^[\x20-\x7e]*$/.test(rest)) bubble.lang = "en"; // a template for abroad
  const place = rest.indexOf(code);
  const strong = document.createElement("strong");
  strong.textContent = code;
  bubble.querySelector(".text").append(rest.slice(0, place), strong, rest.slice(place + code.length));
}

function shownTime(date) {
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? clock : calendar).format(date);
}

function itemOf(message) {
  const item = clone("message");
  const part = (name) => item.querySelector(name);
  const code = message.param.code ?? Object.values(message.param)[0];
  fill(part(".bubble"), message, code);
  part("time").dateTime = message.receivedAt;
  part("time").textContent = shownTime(new Date(message.receivedAt));
  part(".template").textContent = message.templateCode;
  part(".code").textContent = code;
  prepareCopyButton(part(".copy"), part(".code"));
  part(".delete").addEventListener("click", () => remove(`/api/messages/${message.id}`));
  item.dataset.phone = message.phone;
  item.dataset.words = `${message.text} ${message.templateCode} ${message.shownPhone}`.toLowerCase();
  return item;
}

function phoneOf(message) {
  let phone = phones.get(message.phone);
  if (!phone) {
    phone = clone("phone");
    phone.querySelector("h2").textContent = message.shownPhone;
    const path = `/api/messages?phone=${message.phone}`;
    phone.querySelector(".delete-phone").addEventListener("click", () => remove(path));
    phones.set(message.phone, phone);
  }
  return phone;
}

/** Finds a number in any notation, and everything else by its text. */
function isFound(item, words) {
  const digits = words.replace(/\D/g, "");
  const isNumber = digits !== "" && /^[\d\s+()-]*$/.test(words);
  return item.dataset.words.includes(words) || (isNumber && item.dataset.phone.includes(digits));
}

function render() {
  const words = search.value.trim().toLowerCase();
  for (const item of items.values()) {
    item.hidden = !isFound(item, words);
  }
  for (const phone of phones.values()) {
    phone.hidden = phone.querySelector("li:not([hidden])") === null;
  }
  const isEmpty = items.size === 0;
  byId("empty").hidden = !isEmpty;
  byId("bar").hidden = isEmpty;
  byId("no-match").hidden = isEmpty || [...phones.values()].some((phone) => !phone.hidden);
}

function removeAllBut(ids) {
  for (const [id, item] of items) {
    if (!ids.has(id)) {
      item.remove();
      items.delete(id);
    }
  }
  for (const [number, phone] of phones) {
    if (phone.querySelector("li") === null) {
      phone.remove();
      phones.delete(number);
    }
  }
}

let isFirst = true;

async function update() {
  const response = await fetch("/api/messages");
  const newestFirst = await response.json();
  removeAllBut(new Set(newestFirst.map((message) => message.id)));
  const fresh = newestFirst.filter((message) => !items.has(message.id)).reverse();
  for (const message of fresh) {
    const item = itemOf(message);
    item.classList.toggle("new", !isFirst);
    items.set(message.id, item);
    const phone = phoneOf(message);
    phone.querySelector("ol").prepend(item);
    byId("phones").prepend(phone); // the phone that rang last comes first
    if (!isFirst) news.textContent = `${message.shownPhone} ${message.text}`;
  }
  isFirst = false;
  render();
}

search.addEventListener("input", render);
byId("delete-all").addEventListener("click", () => remove("/api/messages"));

let updating = Promise.resolve();
const events = new EventSource("/api/events");
events.addEventListener("changes", () => {
  updating = updating.then(update).catch(() => {}); // when it fails, the next event comes with the next connection
});
events.addEventListener("open", () => (byId("offline").hidden = true));
events.addEventListener("error", () => (byId("offline").hidden = false));
