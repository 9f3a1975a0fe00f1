// What is typed is kept on the server while it is not sent, every two seconds and when the page is
// left.  Without this, the buttons of the form keep it; nothing is kept in the browser.

const PAUSE = 2000; // ms after the last key
const LONGEST = 10000; // ms for somebody who types without a pause
const RELAXED = 60000; // ms where the server asks for patience
const SMALL = 60000; // bytes that a browser sends for a page that is gone

class Keeper {
  constructor(form) {
    this.form = form;
    this.names = form.dataset.drafted.split(" ");
    this.line = form.querySelector(".draft");
    this.saved = this.words();
    this.stopped = false;
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", () => this.stop());
    document.getElementById(this.line.querySelector("button").getAttribute("form"))
      ?.addEventListener("submit", () => this.stop());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
    window.addEventListener("pagehide", () => this.save(true));
    // A page that comes back from the browser's memory goes on.
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.stopped = false; });
  }

  words() {
    const body = new URLSearchParams();
    const data = new FormData(this.form); // a field of people has its id on another control
    for (const name of this.names) {
      const value = data.get(name);
      if (typeof value === "string") body.set(`words.${name}`, value);
    }
    return body.toString();
  }

  later(pause = PAUSE) {
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(pause, this.since + LONGEST - now)));
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.under?.abort();
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    this.since = undefined;
    const words = this.words();
    if (this.stopped || words === this.saved) return;
    const { csrf_token: token, once } = this.form.elements;
    const known = new URLSearchParams({ csrf_token: token.value, once: once.value, place: this.form.dataset.draft });
    const body = `${known}&${words}`;
    const before = this.saved;
    this.saved = words;
    this.under = new AbortController();
    try {
      const answer = await fetch("/account/drafts", {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        credentials: "same-origin",
        keepalive: leaving && body.length < SMALL,
        signal: leaving ? undefined : this.under.signal,
      });
      if (answer.ok) return this.tell((await answer.json()).said);
      if (answer.status !== 429) this.lose();
    } catch {
      if (!this.stopped && !leaving) this.lose();
    }
    this.saved = before;
    if (!this.stopped) this.timer = setTimeout(() => this.save(), RELAXED);
    return undefined;
  }

  tell(said) {
    this.line.toggleAttribute("data-empty", !said);
    delete this.line.dataset.lost;
    this.line.querySelector("[data-said]").textContent = said;
  }

  lose() {
    this.line.removeAttribute("data-empty");
    this.line.dataset.lost = "";
    this.line.querySelector("[data-said]").textContent = this.line.dataset.failed;
  }
}

export function keepAll(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) new Keeper(form);
}
