// A field of logins, made smoother: each is a token, and names are completed while they are typed.
// The field itself stays, unseen, and is what is sent.

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const icon = (name) => element("i", { class: `bi bi-${name}`, "aria-hidden": "true" });

const PIECES = /(?:"(?:\\.|[^"\\])*"?|<[^>]*>?|[^,;"<])+/g; // between commas: names may be quoted

// The people that a text names; with data-addresses, such as Luce <luce@example.org>, too.
function cut(field, text) {
  if (!("addresses" in field.dataset)) return text.split(/[\s,;]+/).filter(Boolean);
  const pieces = text.match(PIECES) ?? [];
  return pieces.flatMap((piece) => (piece.includes("<") ? [piece.trim()] : piece.split(/\s+/))).filter(Boolean);
}

// Whether the last sign typed ends a name.
function ends(field, text) {
  if (!("addresses" in field.dataset)) return /[\s,;]$/.test(text);
  if (/[,;]$/.test(text)) return text.match(PIECES)?.at(-1) !== text; // no comma within quotes
  return /^[^\s"<]+@[^\s"<]+\s$/.test(text);
}

class People {
  constructor(field) {
    this.field = field;
    this.names = cut(field, field.value);
    this.found = [];
    this.active = -1;
    const list = `${field.id}-list`;
    this.entry = element("input", {
      type: "text", id: field.id, role: "combobox", autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", maxlength: field.dataset.longest ?? "60", "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-controls": list,
    });
    this.list = element("ul", { class: "suggestions", role: "listbox", id: list, hidden: "" });
    this.list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    this.tokens = element("div", { class: "tokens" }, this.entry);
    this.box = element("div", { class: "people" }, this.tokens, this.list);
    field.removeAttribute("id");
    field.type = "hidden";
    field.after(this.box);
    this.listen();
    this.draw();
  }

  listen() {
    this.entry.addEventListener("input", () => this.typed());
    this.entry.addEventListener("keydown", (event) => this.key(event));
    this.entry.addEventListener("blur", () => this.add(this.entry.value));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the entry keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.found[Number(option.dataset.number)]);
    });
    this.tokens.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.remove(button.dataset.name);
      this.entry.focus();
    });
  }

  typed() {
    if (ends(this.field, this.entry.value)) this.add(this.entry.value);
    this.sync();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 150);
  }

  async ask() {
    const words = this.entry.value.trim();
    this.asked?.abort();
    if (!words) return this.offer([]);
    this.asked = new AbortController();
    try {
      const address = `${this.field.dataset.people}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal: this.asked.signal, credentials: "same-origin" });
      const { found } = answer.ok ? await answer.json() : { found: [] };
      if (this.entry.value.trim() === words) this.offer(found.filter((one) => this.wanted(one)));
    } catch {
      this.offer([]); // plain typing goes on
    }
  }

  wanted(one) {
    if (one.kind === "circle") return this.circle(one) && !this.circle(one).checked;
    return !this.names.includes(one.name);
  }

  circle({ id }) {
    const boxes = this.field.form?.querySelectorAll(`input[type=checkbox][value="${id}"]`) ?? [];
    return [...boxes].find((box) => box.name === this.field.name.replace(/\.people$/, ".circles"));
  }

  offer(found) {
    this.found = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((one, number) => element(
      "li", { role: "option", id: `${this.list.id}-${number}`, "data-number": number, "aria-selected": "false" },
      icon(one.kind === "circle" ? "record-circle" : "person"), one.name,
    )));
    this.list.hidden = found.length === 0;
    this.entry.setAttribute("aria-expanded", String(found.length > 0));
    this.entry.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const count = this.found.length;
    this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    for (const [number, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(number === this.active));
    }
    this.entry.setAttribute("aria-activedescendant", this.list.children[this.active].id);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = this.found.length > 0;
    const taken = {
      ArrowDown: () => open && (this.move(1), true),
      ArrowUp: () => open && (this.move(-1), true),
      Escape: () => open && (this.offer([]), true),
      Enter: () => (this.active >= 0 ? this.choose(this.found[this.active]) : this.add(this.entry.value)),
      Backspace: () => !this.entry.value && this.remove(this.names.at(-1)),
    }[event.key]?.();
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(one) {
    if (one.kind !== "circle") return this.add(one.name);
    this.circle(one).checked = true;
    return this.add("", true);
  }

  add(text, cleared = false) {
    const names = cut(this.field, text);
    this.offer([]);
    if (!names.length && !cleared) return false; // a click on a token must still find it there
    for (const name of names) if (!this.names.includes(name)) this.names.push(name);
    this.entry.value = "";
    this.draw();
    return true;
  }

  remove(name) {
    if (name === undefined) return false;
    this.names = this.names.filter((other) => other !== name);
    this.draw();
    return true;
  }

  draw() {
    for (const old of this.tokens.querySelectorAll(".token")) old.remove();
    this.entry.before(...this.names.map((name) => element(
      "span", { class: "token" }, name,
      element("button", { type: "button", "data-name": name, "aria-label": `${this.field.dataset.remove} ${name}` }, icon("x")),
    )));
    this.sync();
  }

  sync() {
    this.field.value = [...this.names, this.entry.value.trim()].filter(Boolean).join(", ");
  }
}

export function completeAll(root) {
  for (const field of root.querySelectorAll("input[data-people]:not([type=hidden])")) new People(field);
}
