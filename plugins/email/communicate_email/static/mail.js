// Keys in lists of mail: j and k go down and up, Enter opens, x ticks.

const list = document.querySelector("[data-keys]");
const links = () => [...list.querySelectorAll(".row-title")];
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

function step(by) {
  const all = links();
  const at = all.findIndex((link) => link.closest("li").contains(document.activeElement));
  const from = at < 0 ? all.findIndex((link) => link.hasAttribute("aria-current")) : at;
  all[Math.max(0, Math.min(all.length - 1, from + by))]?.focus();
}

function tick() {
  document.activeElement.closest("li")?.querySelector("input[name=uid]")?.click();
}

if (list) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = { j: () => step(1), k: () => step(-1), x: tick }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
