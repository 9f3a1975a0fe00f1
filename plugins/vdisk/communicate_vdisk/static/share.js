// "Share" in place: the page of sharing, and that of the links, in a dialog over the list or the
// file. It sends what the page sends; where anything else comes back, the page itself is shown.

import { HTML, contentOf, renew } from "./shown.js";

class Sharing {
  constructor(link) {
    this.from = CSS.escape(link.getAttribute("href"));
    this.changed = this.busy = false;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "picker disk-share";
    let outside = false; // a press that begins inside, on words, closes nothing where it ends
    this.dialog.addEventListener("pointerdown", (event) => { outside = this.isOutside(event); });
    this.dialog.addEventListener("click", (event) => this.clicked(event, outside && this.isOutside(event)));
    this.dialog.addEventListener("submit", (event) => this.send(event));
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation()); // no key of the list
    this.dialog.addEventListener("close", () => { this.back(); this.end(); });
  }

  // The list may have been shown anew meanwhile; what was opened from a menu is behind its button.
  back() {
    const link = document.querySelector(`main a[data-share][href="${this.from}"]`);
    (link?.closest("details")?.querySelector("summary") ?? link)?.focus();
  }

  isOutside({ target, clientX, clientY }) {
    const { left, right, top, bottom } = this.dialog.getBoundingClientRect();
    return target === this.dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
  }

  async show(address) {
    const answer = await fetch(address, { headers: HTML }).catch(() => null);
    const content = answer?.ok && !answer.redirected && await contentOf(answer).catch(() => null);
    if (content) this.fill(content, address);
    else location.assign(address);
  }

  fill(content, address) {
    this.address = address;
    this.dialog.replaceChildren(...content);
    const close = this.dialog.querySelector("[data-close]"), heading = this.dialog.querySelector("h2");
    close.hidden = false;
    this.dialog.prepend(close);
    this.dialog.setAttribute("aria-label", heading.textContent);
    if (!this.dialog.isConnected) {
      document.body.append(this.dialog);
      this.dialog.showModal();
    }
    this.dialog.scrollTop = 0;
    const first = this.dialog.querySelector("#new-link") ?? this.dialog.querySelector(".alert-bad, .alert-good") ?? heading;
    if (first.tabIndex < 0) first.tabIndex = -1; // what only says something can have the focus too
    first.focus();
    this.dialog.dispatchEvent(new Event("communicate:filled", { bubbles: true }));
  }

  async during(work) {
    this.busy = true;
    this.dialog.setAttribute("aria-busy", "true");
    await work;
    this.busy = false;
    this.dialog.removeAttribute("aria-busy");
    if (!this.dialog.open) this.end(); // it was closed meanwhile
  }

  end() {
    if (this.busy) return;
    this.dialog.remove();
    if (this.changed) renew();
    this.changed = false;
  }

  send(event) {
    const form = event.target;
    if (form.dataset.plain) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.busy) this.during(this.post(form, event.submitter));
  }

  async post(form, submitter) {
    const address = new URL(form.getAttribute("action"), this.address);
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(address, { method: "POST", body, headers: HTML, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") {
      this.changed = true; // done: the page says so, and what counts now
      return this.show(this.address);
    }
    const shown = [200, 400].includes(answer?.status) && await contentOf(answer).catch(() => null);
    if (shown) return this.fill(shown, this.address);
    form.setAttribute("action", address);
    form.dataset.plain = "yes"; // nothing typed is lost: it is sent as the page sends it
    form.requestSubmit(submitter);
  }

  clicked(event, outside) {
    const link = event.target.closest("a[href]");
    if (outside || event.target.closest("[data-close]")) return this.dialog.close();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = link.hash && link.getAttribute("href") === link.hash && document.getElementById(link.hash.slice(1));
    if (!target && link.dataset.share === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (target) (target.matches("input, select") ? target : target.querySelector("input:checked, input")).focus();
    else if (!this.busy) this.during(this.show(link.href));
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-share]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (document.querySelector("a[data-share][aria-busy]")) return;
  link.setAttribute("aria-busy", "true");
  new Sharing(link).show(link.href).finally(() => link.removeAttribute("aria-busy"));
});
