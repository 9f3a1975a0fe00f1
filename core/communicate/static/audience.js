// The picker of "visible to", in place: a click on a badge opens the form of its page in a dialog.
// Where that fails, the badge leads to the page as it does without this.

const fetched = async (button) => {
  const address = `${button.formAction}?back=${encodeURIComponent(button.value)}`;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return document.importNode(page.querySelector("#picker-of-page"), true);
};

const place = (dialog, button) => {
  if (!window.matchMedia("(min-width: 768px)").matches) return; // on a phone it is a sheet
  const from = button.getBoundingClientRect();
  const { width, height } = dialog.getBoundingClientRect();
  const left = Math.min(Math.max(16, from.right - width), window.innerWidth - width - 16);
  dialog.style.left = `${left}px`;
  dialog.style.top = `${Math.max(16, Math.min(from.bottom + 6, window.innerHeight - height - 16))}px`;
};

const show = (content, button) => {
  const dialog = document.createElement("dialog");
  dialog.className = "picker";
  const form = content.querySelector("form.form");
  form.action = button.formAction; // it came from another page
  dialog.setAttribute("aria-label", content.querySelector("legend")?.textContent ?? "");
  dialog.append(content);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
  button.setAttribute("aria-expanded", "true");
  dialog.showModal();
  place(dialog, button);
  dialog.querySelector("input:checked")?.focus();
  if (dialog.querySelector("input[data-people]")) {
    import("./people.js").then(({ completeAll }) => completeAll(dialog));
  }
};

export function openInPlace(root) {
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("button.aud[formaction]");
    if (!button || button.dataset.plain || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const content = await fetched(button).catch(() => null);
    button.removeAttribute("aria-busy");
    if (content) {
      show(content, button);
    } else {
      button.dataset.plain = "yes";
      button.click();
    }
  });
}
