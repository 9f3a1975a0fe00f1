// What pages of sharing show, for the dialog over a list, and the list behind it made right again.

export const HTML = { Accept: "text/html" };
const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// What the page in *answer* shows of sharing; undefined where it is another page.
export async function contentOf(answer) {
  const main = (await read(answer)).querySelector("main:has([data-sharing])");
  main?.querySelector("nav:has(.breadcrumb)")?.remove();
  main?.querySelector(".cols")?.prepend(...main.querySelectorAll("aside")); // what counts, then what may
  for (const [was, is] of [["h2", "h3"], ["h1", "h2"]]) {
    for (const heading of main?.querySelectorAll(was) ?? []) {
      const lower = document.createElement(is);
      lower.id = heading.id;
      lower.className = heading.className;
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
  }
  return main && document.importNode(main, true).childNodes;
}

// Have every badge behind the dialog say what counts now: others than the one shared follow it.
export async function renew() {
  const answer = await fetch(location.href, { headers: HTML }).catch(() => null);
  if (!answer?.ok) return location.reload();
  const page = await read(answer);
  for (const badge of document.querySelectorAll("main button.aud[formaction]")) {
    const now = page.querySelector(`main button.aud[formaction="${CSS.escape(badge.getAttribute("formaction"))}"]`);
    if (now) badge.replaceWith(document.importNode(now, true));
  }
  const [said, now] = [document, page].map((each) => each.querySelector("[data-new-files]"));
  if (now) said?.replaceChildren(...document.importNode(now, true).childNodes);
}
