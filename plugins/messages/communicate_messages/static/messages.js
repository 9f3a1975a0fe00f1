// New messages without a reload. Without this module the same page is loaded again.

const talk = document.querySelector("[data-conversation]");
const list = talk?.querySelector(".talk");
const form = document.querySelector("#say");
const area = form?.querySelector("textarea");

// What nobody has asked for does not keep a session open.
const quietly = (address) => fetch(address, { headers: { Accept: "text/html", "X-Unattended": "1" } });

const atEnd = () => window.innerHeight + window.scrollY >= document.body.scrollHeight - 240;

let busy = false;
let again = false;

async function fetchNew() {
  if (talk.dataset.more || document.hidden) return; // what is fetched counts as read
  if (busy) { again = true; return; }
  busy = true;
  try {
    const after = talk.dataset.last ? `?after=${talk.dataset.last}` : "";
    const answer = await quietly(`${talk.dataset.conversation}/since${after}`);
    if (!answer.ok) return;
    const html = await answer.text();
    const last = answer.headers.get("X-Last");
    if (!html || !last) return;
    const near = atEnd();
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = made.content.querySelector(".say, .talk-day");
    if (fresh || made.content.querySelector("[data-state]")) list.querySelector("[data-state]")?.remove();
    list.append(made.content);
    talk.dataset.last = last;
    if (fresh && near) list.lastElementChild?.scrollIntoView({ block: "nearest" });
  } finally {
    busy = false;
    if (again) { again = false; fetchNew().catch(() => {}); }
  }
}

// The list, alone or beside the messages: taken from the page that shows it alone.
async function fetchList() {
  const pane = document.querySelector("[data-pane]");
  if (!pane || pane.querySelector(".rows").contains(document.activeElement)) return;
  const answer = await quietly(pane.dataset.pane + (talk ? "" : location.search));
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = page.querySelector("[data-pane] .rows");
  if (!rows) return;
  const here = talk && rows.querySelector(`a[href="${talk.dataset.conversation}"]`);
  here?.setAttribute("aria-current", "true");
  here?.closest("li").classList.add("here");
  pane.querySelector(".rows").replaceWith(rows);
}

// What its author has deleted, and what others quote of it: the words go at once, also unseen.
function takeAway(id) {
  const gone = talk.querySelector("[data-gone]").content;
  const post = list.querySelector(`.post[id="${CSS.escape(id)}"]`);
  post?.classList.add("post-gone");
  post?.closest("li").classList.add("say-gone");
  post?.replaceChildren(gone.cloneNode(true));
  for (const quoted of list.querySelectorAll(`.quoted[cite$="/${CSS.escape(id)}"]`)) {
    quoted.replaceChildren(gone.querySelector("p").cloneNode(true));
  }
}

let soon = 0;
document.addEventListener("communicate:live", (event) => {
  if (!["messages.changed", "messages.deleted", "again"].includes(event.detail.what)) return;
  clearTimeout(soon);
  soon = setTimeout(() => fetchList().catch(() => {}), 500);
});

if (talk) {
  list.setAttribute("aria-live", "polite");
  document.addEventListener("communicate:live", (event) => {
    const { what, id } = event.detail;
    const here = talk.dataset.conversation.endsWith(`/${id}`);
    if (what === "messages.deleted") takeAway(id);
    if (what === "again" || (what === "messages.changed" && here)) fetchNew().catch(() => {});
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) fetchNew().catch(() => {});
  });
  if (!location.hash && !location.search && !document.querySelector("#new")) {
    list.lastElementChild?.scrollIntoView({ block: "end" });
  }
}

area?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
