// The key "/" leads to the search box, from wherever nothing is being typed; members turn it off.

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

export function slashSearches(root) {
  if (root.documentElement.dataset.keys === "off") return;
  root.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(TYPING) || root.querySelector("dialog:modal")) return;
    const boxes = [root.querySelector("main #words"), root.querySelector(".topbar input[type=search]")];
    const box = boxes.find((field) => field?.checkVisibility());
    const link = root.querySelector(".topbar .tool-search");
    if (!box && !link) return;
    event.preventDefault();
    if (box) {
      box.focus();
      box.select();
    } else link.click();
  });
}
