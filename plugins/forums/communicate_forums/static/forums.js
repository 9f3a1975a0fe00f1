// Quotes without leaving the page. Without this module, the same links do the same.

// What the server counts: characters of the post as it reads, without what it quotes itself.
function lengthBefore(body, node, offset) {
  const range = document.createRange();
  range.setStart(body, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  part.querySelectorAll("blockquote.quoted, .picture, .file-link, .attached").forEach((quoted) => quoted.remove());
  return [...part.textContent].length;
}

function reference(link) {
  const post = link.closest(".post");
  const name = post.id;
  const body = post.querySelector(".post-body");
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return `[quote:${name}]`;
  const range = selection.getRangeAt(0);
  const outside = !body.contains(range.startContainer) || !body.contains(range.endContainer);
  if (outside) return `[quote:${name}]`;
  const start = lengthBefore(body, range.startContainer, range.startOffset);
  const stop = lengthBefore(body, range.endContainer, range.endOffset);
  return stop > start ? `[quote:${name}:${start}-${stop}]` : `[quote:${name}]`;
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

const area = document.querySelector("#reply textarea");
for (const link of area ? document.querySelectorAll("[data-quote]") : []) {
  // The press must not take the selection away before the click reads it.
  link.addEventListener("mousedown", (event) => event.preventDefault());
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    insert(area, reference(link));
  });
}
