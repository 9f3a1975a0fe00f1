// New mail appears in an open list without a reload. Without this module the same page is loaded again.

// What nobody has asked for does not keep a session open.
const quietly = (address) => fetch(address, { headers: { Accept: "text/html", "X-Unattended": "1" } });

const at = (root, what) => [...root.querySelectorAll(what)];

// Somebody is choosing messages, or stands in the list with the keyboard: it stays as it is.
function inUse() {
  const list = document.querySelector(".mail-list");
  return list.contains(document.activeElement) || list.querySelector("[type=checkbox]:checked");
}

function swap(page, what) {
  const fresh = at(page, what);
  at(document, what).forEach((old, number) => fresh[number] && old.replaceWith(fresh[number]));
}

// The title says how much is unread in the folder that is looked at.
const title = document.title;
function entitle() {
  const count = document.querySelector(".mail-side [aria-current] .num")?.textContent;
  document.title = count ? `(${count}) ${title}` : title;
}

async function freshen() {
  const answer = await quietly(location.href);
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (inUse()) return;
  const rows = page.querySelector(".mail-rows"), old = document.querySelector(".mail-rows");
  if (rows && old) old.replaceChildren(...rows.children);
  else if (rows) swap(page, ".mail-list");
  for (const what of [".mail-list > .pane-head > .num", ".mail-side .side", "a[href='/mail']"]) swap(page, what);
  entitle();
}

let soon = 0;
if (document.querySelector(".mail-list") && !document.querySelector(".mail-read")) {
  document.addEventListener("communicate:live", (event) => {
    if (!["email.new", "again"].includes(event.detail.what)) return;
    clearTimeout(soon);
    soon = setTimeout(() => { if (!inUse()) freshen().catch(() => {}); }, 500);
  });
}
