// The list of a folder under the hands: ticks with shift, control and the keyboard, moving by
// dragging, renaming in place. Each sends what the plain forms send; without it they do the same.

let list = null;
let form = null;
let rows = [];
let acts = null;
let crumbs = [...document.querySelectorAll(".breadcrumb a[href*='/disk']")];
let last = null; // the row that was ticked last: where a range begins

const tick = (row) => row.querySelector("[name=item]");
const link = (row) => row.querySelector("a[data-open]");
const ticked = () => rows.filter((row) => tick(row).checked);
const busy = (target) => target.closest("a, button, summary, label, details, input, textarea, select, [contenteditable]");

function say() {
  const many = ticked().length;
  acts.classList.toggle("is-ticked", many > 0);
  acts.querySelector("[role=status]").textContent = many ? acts.dataset.many.replace("0", many) : "";
  for (const row of rows) row.classList.toggle("is-ticked", tick(row).checked);
}

function set(row, on) {
  tick(row).checked = on;
  last = row;
  say();
}

function range(row) {
  const [from, to] = [rows.indexOf(last ?? row), rows.indexOf(row)].sort((a, b) => a - b);
  for (const one of rows.slice(from, to + 1)) tick(one).checked = true;
  say();
}

function only(row) {
  for (const one of rows) tick(one).checked = one === row;
  last = row;
  say();
}

// What the server answers with another page is done: the list is shown anew, with what it says.
async function post(address, fields) {
  const body = new URLSearchParams([...fields, ["csrf_token", form.elements.csrf_token.value]]);
  const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
  if (answer.type === "opaqueredirect") {
    location.reload();
    return null;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function move(items, to) {
  const place = form.action.replace(/chosen$/, "place");
  const page = await post(place, [["act", "move"], ["to", to], ...items.map((item) => ["item", item])]);
  if (page) {
    const query = new URLSearchParams([...items.map((item) => ["item", item]), ["to", to]]);
    location.assign(`${place}?${query}`); // where it says what stands in the way
  }
}

function rename(row) {
  const name = link(row), field = document.createElement("input"), wrong = document.createElement("span");
  field.className = "form-control";
  field.value = name.textContent;
  field.setAttribute("aria-label", list.dataset.rename);
  wrong.className = "text-bad small";
  wrong.setAttribute("role", "alert");
  name.hidden = true;
  name.after(field, wrong);
  field.focus();
  const dot = name.textContent.lastIndexOf(".");
  field.setSelectionRange(0, row.dataset.into || dot < 1 ? name.textContent.length : dot);
  const done = () => {
    field.remove();
    wrong.remove();
    name.hidden = false;
    name.focus();
  };
  field.addEventListener("keydown", async (event) => {
    event.stopPropagation();
    if (event.key === "Escape") done();
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (field.value === name.textContent) return done();
    const page = await post(row.dataset.rename, [["name", field.value], ["rename", "rename"]]);
    wrong.textContent = page?.querySelector(".invalid-feedback, [role=alert]")?.textContent ?? "";
  });
  field.addEventListener("blur", () => setTimeout(() => field.isConnected && !wrong.textContent && done()));
}

function step(from, by) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(from) + by))];
  link(row).focus();
  return row;
}

const KEYS = {
  j: (row) => step(row, 1),
  k: (row) => step(row, -1),
  ArrowDown: (row, event) => { const next = step(row, 1); if (event.shiftKey) { last ??= row; range(next); } },
  ArrowUp: (row, event) => { const next = step(row, -1); if (event.shiftKey) { last ??= row; range(next); } },
  x: (row) => set(row, !tick(row).checked),
  " ": (row) => set(row, !tick(row).checked),
  F2: (row) => row.dataset.rename && rename(row),
  Delete: (row) => { if (!ticked().length) set(row, true); acts.querySelector("[name=throw]")?.click(); },
  Escape: () => { for (const one of rows) tick(one).checked = false; say(); },
};

function pressed(event) {
  const row = event.target.closest("[data-item]");
  if (event.target.matches("input:not([type=checkbox])") || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "a") {
    for (const one of rows) tick(one).checked = true;
    event.preventDefault();
    return say();
  }
  if (event.ctrlKey || event.metaKey || !row || !KEYS[event.key]) return;
  if (event.key === " " && busy(event.target) !== link(row)) return;
  event.preventDefault();
  KEYS[event.key](row, event);
}

function clicked(event) {
  const row = event.target.closest("[data-item]");
  if (!row) return;
  if (event.target === tick(row)) return event.shiftKey ? range(row) : set(row, tick(row).checked);
  const renames = event.target.closest("[data-renames]");
  if (renames) {
    event.preventDefault();
    renames.closest("details").open = false;
    return rename(row);
  }
  if (event.target.closest("a") && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (busy(event.target)) return;
  if (event.shiftKey) range(row);
  else if (event.ctrlKey || event.metaKey) set(row, !tick(row).checked);
  else only(row);
}

const INSIDE = "application/x-disk-items"; // told apart from files that come from elsewhere

function draggable() {
  const places = [...rows.filter((row) => row.dataset.into), ...crumbs];
  crumbs = []; // they stay when the list is shown anew
  for (const row of rows) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (!tick(row).checked) only(row);
      event.dataTransfer.setData(INSIDE, ticked().map((one) => one.dataset.item).join(" "));
      event.dataTransfer.effectAllowed = "move";
    });
  }
  for (const place of places) {
    const to = place.dataset.item ?? place.pathname.split("/").pop();
    const takes = (event) => event.dataTransfer.types.includes(INSIDE) && !(place.dataset.item && tick(place).checked);
    place.addEventListener("dragover", (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      place.classList.add("is-place");
    });
    place.addEventListener("dragleave", () => place.classList.remove("is-place"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("is-place");
      if (!takes(event)) return;
      event.preventDefault();
      move(event.dataTransfer.getData(INSIDE).split(" "), to);
    });
  }
}

// Begin with the list that the page shows now; it is another one once something was uploaded.
function begin() {
  list = document.querySelector("[data-list]");
  form = document.getElementById("chosen");
  rows = list ? [...list.querySelectorAll("[data-item]")] : [];
  acts = document.querySelector("[data-acts]");
  last = null;
  if (!list || !form || !acts || !rows.length) return;
  list.addEventListener("click", clicked);
  list.addEventListener("keydown", pressed);
  if (list.dataset.moves) draggable();
  say();
}

begin();
document.addEventListener("disk-listed", begin);
