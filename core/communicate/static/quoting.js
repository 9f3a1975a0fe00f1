// Quotes without leaving the page: a link with `data-quote` refers, in the words under #reply, to
// what is selected of its post, or to all of it. Without this module, the same links do the same.

// What the server counts: characters of the post as it reads, without what it quotes or attaches.
function lengthBefore(body, node, offset) {
  const range = document.createRange();
  range.setStart(body, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  part.querySelectorAll("blockquote.quoted, .picture, .file-link, .attached").forEach((other) => other.remove());
  return [...part.textContent].length;
}

function reference(post) {
  const body = post.querySelector(".post-body");
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  if (!range || !body.contains(range.startContainer) || !body.contains(range.endContainer)) return `[quote:${post.id}]`;
  const start = lengthBefore(body, range.startContainer, range.startOffset);
  const stop = lengthBefore(body, range.endContainer, range.endOffset);
  return stop > start ? `[quote:${post.id}:${start}-${stop}]` : `[quote:${post.id}]`;
}

function insert(area, line) {
  const before = area.value.slice(0, area.selectionStart).trimEnd();
  const after = area.value.slice(area.selectionEnd).trimStart();
  const start = `${before}${before && "\n\n"}${line}\n\n`;
  area.value = start + after;
  area.focus();
  area.setSelectionRange(start.length, start.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function quoteInPlace(root) {
  const area = root.querySelector("#reply textarea");
  // The press must not take the selection away before the click reads it.
  root.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-quote], .post summary")) event.preventDefault();
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-quote]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const menu = link.closest("details");
    if (menu) menu.open = false;
    insert(area, reference(link.closest(".post")));
  });
}
