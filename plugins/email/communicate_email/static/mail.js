// Keys in lists of mail and on what is read, all of which a member can turn off; and the box that
// ticks a whole page. Without any of it, the same buttons and links are there.

const list = document.querySelector(".mail-rows");
const rows = () => [...(list?.children ?? [])];
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const current = () => rows().find((row) => row.contains(document.activeElement));
const box = (row) => row?.querySelector(".mail-tick input");

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const from = at < 0 ? all.findIndex((row) => row.querySelector("[aria-current]")) : at;
  const row = all[Math.max(0, Math.min(all.length - 1, from + by))];
  row?.querySelector(".row-title").focus();
}

// What is read on this page has buttons and links of its own; in a list, a key means what is
// ticked, or else the row that has the focus.
function press(key, act) {
  const row = current();
  const ticked = rows().some((one) => box(one)?.checked);
  const read = document.querySelector(`.mail-read [data-key="${CSS.escape(key)}"]`);
  if (read && !row && !ticked) return read.click();
  if (!act || (!row && !ticked)) return;
  if (key === "s" && !ticked) return row.querySelector(".mail-press").click();
  if (!ticked) box(row).checked = true;
  document.querySelector(`.mail-acts [name=act][value=${act}]`)?.click();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => current()?.querySelector(".row-title").click(),
  x: () => box(current())?.click(),
  e: () => press("e", "archive"),
  "#": () => press("#", "delete"),
  s: () => press("s", "star"),
  r: () => press("r"),
  a: () => press("a"),
  f: () => press("f"),
  u: () => document.querySelector(".pane-back")?.click(),
  c: () => document.querySelector(".mail-side .btn-primary")?.click(),
  "?": () => document.querySelector("[data-help]")?.click(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog:modal")) return;
  const act = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function tickPages() {
  const page = document.querySelector("[data-page]");
  if (!page) return;
  const label = page.closest("label");
  const every = document.querySelector(".mail-every");
  const all = every?.querySelector("input");
  const show = () => {
    const boxes = rows().map(box);
    page.checked = boxes.every((one) => one.checked);
    page.indeterminate = !page.checked && boxes.some((one) => one.checked);
    if (every) every.hidden = !page.checked && !all.checked;
    if (all?.checked && !page.checked) all.checked = false;
  };
  label.hidden = false;
  page.addEventListener("change", () => {
    for (const row of rows()) box(row).checked = page.checked;
    if (all && !page.checked) all.checked = false;
    show();
  });
  list.addEventListener("change", show);
  show();
}

if (list) tickPages();
if (document.documentElement.dataset.keys !== "off") document.addEventListener("keydown", pressed);
