// Shows the messages of the sandbox and keeps them up to date. Text only ever becomes text, never markup.

const byId = (id) => document.getElementById(id);
const list = byId("messages");
const filter = byId("filter");
const news = byId("news");
const times = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });

/** What the list shows, by key. An item stays the same element, so that an update moves no focus. */
const items = new Map();

/** Messages have no id. Equal ones are counted from the oldest, so that a key stays when newer messages come. */
function keyed(newestFirst) {
  const counts = new Map();
  const oldestFirst = newestFirst.toReversed().map((message) => {
    const json = JSON.stringify(message);
    counts.set(json, (counts.get(json) ?? 0) + 1);
    return [`${counts.get(json)} ${json}`, message];
  });
  return oldestFirst.reverse();
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

function itemOf(message) {
  const item = byId("message").content.cloneNode(true).firstElementChild;
  const part = (name) => item.querySelector(name);
  part(".phone").textContent = message.shownPhone;
  part(".phone").addEventListener("click", () => showOnly(message.phone));
  part("time").dateTime = message.receivedAt;
  part("time").textContent = times.format(new Date(message.receivedAt));
  part(".template").textContent = message.templateCode;
  part(".code").textContent = message.param.code ?? Object.values(message.param)[0];
  part(".bubble").textContent = message.text;
  prepareCopyButton(part(".copy"), part(".code"));
  item.dataset.phone = message.phone;
  return item;
}

function showOnly(phone) {
  filter.value = phone;
  filter.focus();
  render();
}

function render() {
  const wanted = filter.value.replace(/\D/g, "");
  for (const item of items.values()) {
    item.hidden = !item.dataset.phone.includes(wanted);
  }
  const isEmpty = items.size === 0;
  byId("empty").hidden = !isEmpty;
  byId("filter-bar").hidden = isEmpty;
  byId("no-match").hidden = isEmpty || list.querySelector(":scope > :not([hidden])") !== null;
  byId("show-all").hidden = filter.value === "";
}

let isFirst = true;

async function update() {
  const response = await fetch("/api/messages");
  const current = keyed(await response.json());
  const keys = new Set(current.map(([key]) => key));
  for (const [key, item] of items) {
    if (!keys.has(key)) {
      item.remove();
      items.delete(key);
    }
  }
  const fresh = current.filter(([key]) => !items.has(key));
  const added = fresh.map(([key, message]) => {
    const item = itemOf(message);
    item.classList.toggle("new", !isFirst);
    items.set(key, item);
    return item;
  });
  list.prepend(...added); // what is not known yet is newer than what is
  if (!isFirst && fresh.length > 0) {
    news.textContent = added[0].querySelector(".caption").textContent;
  }
  isFirst = false;
  render();
}

filter.addEventListener("input", render);
byId("show-all").addEventListener("click", () => showOnly(""));

let updating = Promise.resolve();
const events = new EventSource("/api/events");
events.addEventListener("deliveries", () => {
  updating = updating.then(update).catch(() => {}); // when it fails, the next event comes with the next connection
});
events.addEventListener("open", () => (byId("offline").hidden = true));
events.addEventListener("error", () => (byId("offline").hidden = false));
