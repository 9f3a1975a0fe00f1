// What is typed is counted as it is sent, whom it goes to is shown, and what comes in appears,
// without a reload. Without this module the pages of the site say the same.

import { split, table, tidy } from "./counting.js";

const counts = document.querySelector("[data-count]");
const form = counts?.closest("form");
const area = form?.querySelector("textarea");
const filled = (sentence, values) => sentence.replace(/\$\{(\w+)\}/g, (_all, name) => values[name]);
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);

// Counting

function price(thousandths, currency) {
  const shown = { style: "currency", currency, maximumFractionDigits: 3 };
  return new Intl.NumberFormat(language, shown).format(thousandths / 1000);
}

function recount() {
  const { table: letters, words, before, after, price: each, currency, left, most } = JSON.parse(counts.dataset.count);
  const found = split(table(letters), `${before}${tidy(area.value).trim()}${after}`);
  const parts = found.parts.length;
  const said = [filled(words.parts, { n: numbers.format(parts) }), filled(words.left, { n: numbers.format(found.left) })];
  if (each !== null) said.push(price(each * parts, currency));
  if (left !== null) said.push(filled(words.today, { n: numbers.format(left) }));
  counts.querySelector("[data-figures]").textContent = said.join(" · ");
  const { alone, together } = letters;
  const { alphabet } = found;
  const limits = parts > 1 ? together : alone;
  const signs = found.foreign.slice(0, 5).join(" ") + (found.foreign.length > 5 ? " …" : "");
  const why = alphabet ? filled(words.wide, { signs, n: limits[1], m: limits[0] }) : "";
  const wrong = parts > most ? filled(words.long, { n: numbers.format(most) }) : left !== null && parts > left ? words.over : "";
  say("wide", why);
  say("wrong", wrong);
}

function say(name, sentence) {
  const place = counts.querySelector(`[data-${name}]`);
  if (place.textContent !== sentence) place.textContent = sentence;
  place.hidden = !sentence;
}

// Whom it goes to

const to = form?.querySelector("[name=to]");
let asked = null;
let timer = 0;

async function understand() {
  const place = document.querySelector("[data-reached]");
  const seen = form.querySelector("[name=seen]");
  const written = to.value.trim();
  asked?.abort();
  asked = new AbortController();
  if (!written) {
    place.replaceChildren();
    return;
  }
  const body = new URLSearchParams({ to: written, csrf_token: form.querySelector("[name=csrf_token]").value });
  const answer = await fetch(place.dataset.reached, { method: "POST", body, signal: asked.signal });
  if (!answer.ok || to.value.trim() !== written) return;
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  const told = made.content.querySelector("[data-told]");
  seen.value = told?.dataset.seen ?? "";
  if (told) counts.dataset.count = JSON.stringify({ ...JSON.parse(counts.dataset.count), ...JSON.parse(told.dataset.told) });
  place.replaceChildren(made.content);
  recount();
}

if (area) {
  area.addEventListener("input", recount);
  form.addEventListener("reset", () => setTimeout(recount));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (area.value) recount(); // what the browser has put back
}

const place = document.querySelector("[data-reached]");
if (to && place) {
  to.addEventListener("input", () => {
    clearTimeout(timer);
    form.querySelector("[name=seen]").value = "";
    timer = setTimeout(() => understand().catch(() => {}), 300);
  });
  to.addEventListener("change", () => understand().catch(() => {}));
  const told = place.querySelector("[data-told]");
  if (told) form.querySelector("[name=seen]").value = told.dataset.seen; // it is shown already
}

// What comes in

const talk = document.querySelector("[data-talk]");
// What nobody has asked for does not keep a session open.
const quietly = (address) => fetch(address, { headers: { Accept: "text/html", "X-Unattended": "1" } });

async function refresh() {
  if (document.hidden || (talk && location.search)) return; // what is fetched counts as read
  const answer = await quietly(location.pathname);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const near = window.innerHeight + window.scrollY >= document.body.scrollHeight - 240;
  let more = false;
  for (const name of [".pane-rows", ".talk"]) {
    const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) continue;
    if (old.querySelector("details[open]") || old.contains(document.activeElement)) continue;
    if (name === ".talk") more = old.children.length < fresh.children.length;
    old.replaceChildren(...fresh.childNodes);
  }
  if (more && near) document.querySelector(".talk").lastElementChild?.scrollIntoView({ block: "nearest" });
}

let soon = 0;
const refreshSoon = () => {
  clearTimeout(soon);
  soon = setTimeout(() => refresh().catch(() => {}), 300);
};
if (document.querySelector("[data-pane], [data-talk]")) {
  document.addEventListener("communicate:live", ({ detail }) => {
    if (detail.what.startsWith("sms.") || detail.what === "again") refreshSoon();
  });
  document.addEventListener("visibilitychange", refreshSoon);
}
if (talk && !location.hash && !location.search) {
  talk.querySelector(".talk").lastElementChild?.scrollIntoView({ block: "end" });
}
