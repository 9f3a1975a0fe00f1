// Preview without leaving the page.
// Without this module, or where it fails, the same buttons send the same forms.

const SHOWN = "#preview";

async function preview(form, button) {
  const data = new FormData(form, button);
  const answer = await fetch(form.action || location.href, {
    method: "POST",
    body: new URLSearchParams(data),
    headers: { Accept: "text/html" },
  });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page.querySelector(SHOWN);
  if (!made) return false;
  document.querySelector(SHOWN)?.remove();
  made.tabIndex = -1;
  form.before(made);
  made.scrollIntoView({ block: "nearest" });
  made.focus({ preventScroll: true });
  return true;
}

for (const place of document.querySelectorAll("[data-forums-write]")) {
  const form = place.querySelector("form");
  form?.addEventListener("submit", (event) => {
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
