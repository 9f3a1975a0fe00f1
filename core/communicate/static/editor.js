// The one editor: a toolbar over a text area of Markdown, and a preview without leaving the page.
// Without this module, or where it fails, the text area and the buttons of the form do the same.

const LINES = { heading: "# ", quote: "> ", list: "- " };
const KEYS = { b: "bold", i: "italic", k: "link" };

// As if typed: the browser's own undo takes it back.
export function replace(area, start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function wrap(area, before, after = before) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const inner = value.slice(start, end);
  const wrapped = value.slice(start - before.length, start) === before && value.startsWith(after, end);
  if (wrapped) {
    replace(area, start - before.length, end + after.length, inner);
    area.setSelectionRange(start - before.length, end - before.length);
  } else {
    replace(area, start, end, before + inner + after);
    area.setSelectionRange(start + before.length, end + before.length);
  }
}

function prefix(area, sign) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const stop = value.indexOf("\n", area.selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(sign));
  const text = lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
  replace(area, start, end, text);
  if (lines.length > 1) area.setSelectionRange(start, start + text.length);
}

function link(area) {
  const { selectionStart: start, selectionEnd: end } = area;
  const words = area.value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  replace(area, start, end, isAddress ? `[](${words})` : `[${words}](https://)`);
  const at = isAddress ? start + 1 : start + words.length + 3;
  area.setSelectionRange(at, isAddress ? at : at + "https://".length);
}

function code(area) {
  const inner = area.value.slice(area.selectionStart, area.selectionEnd);
  if (inner.includes("\n")) wrap(area, "```\n", "\n```");
  else wrap(area, "`");
}

const MARKS = {
  bold: (area) => wrap(area, "**"),
  italic: (area) => wrap(area, "*"),
  link,
  code,
  ...Object.fromEntries(Object.entries(LINES).map(([name, sign]) => [name, (area) => prefix(area, sign)])),
};

// One stop for the tab key, arrows within: as the ARIA practices have a toolbar.
function roam(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const enter = (index) => buttons.forEach((button, at) => { button.tabIndex = at === index ? 0 : -1; });
  enter(0);
  bar.addEventListener("focusin", ({ target }) => enter(buttons.indexOf(target)));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}

function addToolbar(place, area) {
  const bar = place.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const button of bar.querySelectorAll("button")) button.title = button.ariaLabel;
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-mark]");
    if (button) MARKS[button.dataset.mark](area);
  });
  roam(bar);
  area.before(bar);
  area.addEventListener("keydown", (event) => {
    const name = KEYS[event.key.toLowerCase()];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    MARKS[name](area);
  });
  return bar;
}

export async function sent(address, data) {
  const files = [...data.values()].some((value) => value instanceof File);
  return fetch(address, {
    method: "POST",
    body: files ? data : new URLSearchParams(data),
    headers: { Accept: "text/html" },
    credentials: "same-origin",
  });
}

// Where the page keeps a place for it, it stands there; what is being typed never moves.
function show(form, made, field) {
  const shown = document.querySelector("#preview");
  const place = document.querySelector("[data-preview]");
  if (place?.checkVisibility()) {
    shown?.remove();
    place.replaceChildren(made);
  } else if (shown) shown.replaceWith(made);
  else if (field) field.after(made);
  else form.before(made);
}

async function preview(form, button) {
  const answer = await sent(form.action || location.href, new FormData(form, button));
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page.querySelector("#preview");
  if (!made) return false;
  made.tabIndex = -1;
  show(form, made);
  made.scrollIntoView({ block: "nearest" });
  made.focus({ preventScroll: true });
  return true;
}

function previewInPlace(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "preview" || form.dataset.plain) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    preview(form, button)
      .catch(() => false)
      .then((done) => {
        if (done) return;
        form.dataset.plain = "yes";
        form.requestSubmit(button);
      });
  }, { capture: true });
}

// A preview that follows while one types, where the field names an address for it.
function follow(place, form, area) {
  let timer;
  let asked = 0;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = asked += 1;
      const data = new FormData();
      data.set("csrf_token", form.elements.csrf_token.value);
      data.set("words", area.value);
      data.set("place", form.dataset.draft ?? "");
      const answer = await sent(place.dataset.live, data).catch(() => null);
      if (!answer?.ok || number !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const made = page.querySelector("#preview");
      if (made) show(form, made, area.closest(".field"));
    }, 500);
  });
}

export function edit(root) {
  for (const place of root.querySelectorAll("[data-editor]")) {
    const area = place.querySelector("textarea");
    const { form } = area;
    const bar = addToolbar(place, area);
    const files = place.parentElement.querySelector("[data-attaching]");
    if (files) import("./attach.js").then(({ attach }) => attach({ area, bar, files, form }));
    previewInPlace(form);
    if (place.dataset.live) follow(place, form, area);
  }
}
