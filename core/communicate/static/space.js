// Elements of a space are edited where they stand: the form of their page takes the place of the row.
// Sent, it is an ordinary form; where anything fails, the link leads to the page as without this.

let closeOpened = () => {}; // one form at a time: their fields have the same ids

const fetched = async (link) => {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("#element");
  if (!form) return null;
  form.action = link.href; // it came from another page
  return document.importNode(form, true);
};

const place = (form, row, link) => {
  closeOpened();
  const kept = [...row.children];
  const back = document.createElement("button");
  back.type = "button";
  back.className = "btn btn-quiet";
  back.textContent = link.dataset.edit;
  const close = () => {
    closeOpened = () => {};
    form.remove();
    row.classList.remove("editing");
    kept.forEach((part) => { part.hidden = false; });
    link.focus();
  };
  closeOpened = close;
  back.addEventListener("click", close);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  form.querySelector(".form-end").append(back);
  kept.forEach((part) => { part.hidden = true; });
  row.classList.add("editing");
  row.append(form);
  form.querySelector("input:not([type=hidden]), textarea")?.focus();
};

export function editInPlace(root) {
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const form = await fetched(link).catch(() => null);
    if (form) place(form, link.closest("li"), link);
    else window.location.assign(link.href);
  });
}
