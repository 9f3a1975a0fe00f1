// On the page of a file the arrows lead to its neighbours, and Escape to its folder.

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, audio, video, details[open], dialog, pre")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next", Escape: "up" }[event.key];
  document.querySelector(`a[rel~=${rel}]`)?.click();
});
