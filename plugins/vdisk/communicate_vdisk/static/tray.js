// The tray: each file with its progress, to be paused, to go on, to be cancelled.
// What an earlier visit left unfinished is in it already, and goes on with the same file.

import { Ended, Sending } from "./sending.js";
import { left, size } from "./amounts.js";

const AT_ONCE = 2;
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

class Row {
  constructor(tray, { file, folder, item = null, address = "" }) {
    const { words } = tray;
    Object.assign(this, { tray, file, folder, words, total: file.size, done: 0 });
    this.item = tray.template.content.firstElementChild.cloneNode(true);
    this.name = this.item.firstElementChild;
    this.name.textContent = file.name;
    this.bar = this.item.querySelector("progress");
    this.bar.max = file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.state = this.item.querySelector("[data-state]");
    this.hold = this.#button("hold", words.pause, () => this.#wait());
    this.on = this.#button("on", words.go, () => tray.again(this));
    this.stop = this.#button("stop", words.cancel, () => this.#end());
    if (item) item.replaceWith(this.item);
    else tray.list.append(this.item);
    this.begin(address);
  }

  begin(address = this.sending?.address) {
    const { file, folder, tray } = this;
    this.over = "";
    this.sending = new Sending({ file, folder, address, part: tray.part, token: tray.token, tell: (...said) => this.tell(...said) });
    this.tell("waiting");
  }

  #button(name, words, act) {
    const button = this.item.querySelector(`[data-${name}]`);
    button.setAttribute("aria-label", filled(words, { name: this.file.name }));
    button.addEventListener("click", act);
    return button;
  }

  #wait() {
    this.over = "paused";
    this.sending.pause();
    this.tray.withdraw(this);
  }

  async #end() {
    const next = this.item.nextElementSibling ?? this.item.previousElementSibling;
    this.item.remove();
    (next?.querySelector("button:not([hidden])") ?? this.tray.title).focus();
    this.tray.withdraw(this);
    if (this.over !== "sent") {
      this.over = "cancelled";
      await this.sending.cancel();
    }
    this.tray.changed();
  }

  tell(state, done = this.done) {
    const waits = ["paused", "failed"].includes(state);
    if (state === "amount") this.#amount(done);
    else this.#say(this.words[state], state === "failed");
    const focused = document.activeElement;
    this.on.hidden = !waits;
    this.hold.hidden = waits;
    if (focused === this.on && !waits) this.hold.focus();
    if (focused === this.hold && waits) this.on.focus();
  }

  #say(words, bad = false) {
    this.state.textContent = words;
    this.state.classList.toggle("text-bad", bad);
  }

  #amount(done) {
    this.done = done;
    this.bar.value = this.total ? done : 1;
    const values = { done: size(done), size: size(this.total), left: left(this, done, this.total) };
    this.#say(filled(values.left ? this.words.left : this.words.amount, values));
    this.tray.changed();
  }

  finish(path) {
    this.over = "sent";
    this.bar.value = this.bar.max;
    this.#say(this.words.sent);
    this.state.classList.add("text-good");
    this.hold.hidden = true;
    this.on.hidden = true;
    this.stop.setAttribute("aria-label", filled(this.words.clear, { name: this.file.name }));
    const link = document.createElement("a");
    link.href = path;
    link.textContent = this.file.name;
    this.name.replaceChildren(link);
    this.tray.say(`${this.file.name}: ${this.words.sent}`);
  }

  fail(error) {
    this.over = "failed";
    this.tell("failed");
    if (error instanceof Ended) this.#say(this.words.ended, true);
    else if (error.message) this.#say(error.message, true);
    this.tray.say(`${this.file.name}: ${this.state.textContent}`);
  }
}

export class Tray {
  constructor(element, arrived) {
    this.element = element;
    this.words = element.dataset;
    this.part = Number(element.dataset.part);
    this.token = element.querySelector(":scope > input[name=csrf_token]").value;
    this.list = element.querySelector("ul");
    this.template = element.querySelector("template");
    this.title = element.querySelector("h2");
    this.title.tabIndex = -1;
    this.status = element.querySelector("[role=status]");
    this.summary = element.querySelector("[data-summary]");
    this.arrived = arrived;
    this.rows = [];
    this.waiting = [];
    this.working = 0;
    addEventListener("beforeunload", (event) => { if (this.working) event.preventDefault(); });
  }

  // Send *file* to *folder*; where it was begun before, go on with it.
  add({ file, folder }, item = this.#begun(file, folder)) {
    this.element.hidden = false;
    const row = new Row(this, { file, folder: item?.dataset.to ?? folder, item, address: item?.dataset.upload });
    this.rows.push(row);
    this.again(row, item?.dataset.upload);
  }

  #begun(file, folder) {
    return [...this.list.querySelectorAll("[data-upload]")].find((item) => item.dataset.to === folder && same(item, file)) ?? null;
  }

  again(row, address = row.sending.address) {
    row.begin(address);
    this.waiting.push(row);
    this.#work();
  }

  // Let *row* wait for nobody but its member.
  withdraw(row) {
    this.waiting = this.waiting.filter((each) => each !== row);
  }

  async #work() {
    if (this.working >= AT_ONCE || !this.waiting.length) return;
    const row = this.waiting.shift();
    this.working += 1;
    try {
      const path = await row.sending.send();
      if (path) row.finish(path);
    } catch (error) {
      row.fail(error);
    }
    this.working -= 1;
    this.changed();
    if (!this.working && !this.waiting.length) this.arrived(this.rows);
    this.#work();
  }

  say(words) {
    this.status.textContent = words;
  }

  changed() {
    const all = this.rows.filter((row) => row.over !== "cancelled");
    const done = all.filter((row) => row.over === "sent").length;
    this.summary.textContent = all.length ? filled(this.words.counts, { done, all: all.length }) : "";
  }
}

// Tell whether *file* is the one that *item* of the list was begun with.
export function same(item, file) {
  const { name, size: length, modified } = item.dataset;
  return file.name.normalize("NFC") === name && file.size === Number(length) && file.lastModified === Number(modified);
}
