// Files by button, paste or drop, one after the other, with how far each is.
// Without this, the field for files sends them with the form.

import { replace } from "./editor.js";

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

function send(address, form, file, tell) {
  return new Promise((resolve, reject) => {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("place", form.dataset.draft);
    data.set("file", file, file.name || "image.png");
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(loaded / total));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Error(request.response?.error ?? ""));
    });
    request.addEventListener("error", () => reject(new Error("")));
    request.send(data);
  });
}

class Attaching {
  constructor({ area, bar, files, form }) {
    Object.assign(this, { area, files, form });
    this.status = files.querySelector("[data-sending]");
    this.list = files.querySelector(".attached-files");
    this.input = files.querySelector("input[type=file]");
    files.querySelector(".attach-plain").hidden = true;
    bar.querySelector("[data-attach]").addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      const chosen = [...this.input.files];
      this.input.value = ""; // they are not sent a second time with the form
      this.all(chosen);
    });
    area.addEventListener("paste", (event) => this.given(event, event.clipboardData));
    form.addEventListener("submit", (event) => this.wait(event), { capture: true });
    const place = area.closest(".editor");
    place.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      place.classList.add("dropping");
    });
    place.addEventListener("dragleave", () => place.classList.remove("dropping"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("dropping");
      this.given(event, event.dataTransfer);
    });
  }

  given(event, data) {
    if (!data.files.length) return; // words are pasted as ever
    event.preventDefault();
    this.all([...data.files]);
  }

  async all(chosen) {
    this.under = (this.under ?? 0) + chosen.length;
    for (const file of chosen) {
      if (!await this.one(file)) this.held = undefined; // one looks at what went wrong first
      this.under -= 1;
    }
    const { held } = this;
    if (this.under || !held) return;
    this.held = undefined;
    this.form.requestSubmit(held.submitter);
  }

  // A form is not sent without the files that are still on their way.
  wait(event) {
    if (!this.under) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.held = event;
    this.status.querySelector("span")?.remove();
    this.status.append(this.waits());
  }

  waits() {
    return element("span", {}, ` ${this.files.dataset.waits}`);
  }

  async one(file) {
    const bar = element("progress", { max: "1", value: "0", "aria-label": file.name });
    this.status.replaceChildren(file.name, " ", bar, this.held ? this.waits() : "");
    this.status.classList.remove("text-bad");
    try {
      const { address = "/account/drafts/files", largest, large } = this.files.dataset;
      if (file.size > Number(largest ?? Infinity)) throw new Error(large); // not sent to be refused
      const made = await send(address, this.form, file, (part) => { bar.value = part; });
      this.status.replaceChildren();
      this.show(made);
      return true;
    } catch (error) {
      this.status.textContent = `${file.name}: ${error.message || this.files.dataset.failed}`;
      this.status.classList.add("text-bad");
      return false;
    }
  }

  show({ id, name, size, picture, markdown }) {
    const { area, list } = this;
    const remove = element("label", {}, element("input", {
      class: "form-check-input", type: "checkbox", name: "attached.remove", value: id,
    }), ` ${this.files.dataset.remove}`, element("span", { class: "visually-hidden" }, ` ${name}`));
    const icon = element("i", { class: `bi bi-${picture ? "image" : "paperclip"}`, "aria-hidden": "true" });
    list.append(element("li", {}, icon, element("span", {}, `${name} `, element("span", { class: "quiet" }, size)), remove));
    list.hidden = false;
    if ("beside" in this.files.dataset) return; // no word of the text refers to it
    const before = area.value.slice(0, area.selectionStart);
    const text = picture && before && !before.endsWith("\n") ? `\n\n${markdown}` : markdown;
    replace(area, area.selectionStart, area.selectionEnd, `${text}${picture ? "\n" : ""}`);
  }
}

export function attach(parts) {
  return new Attaching(parts);
}
