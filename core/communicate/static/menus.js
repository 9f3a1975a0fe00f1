// Menus are <details>: they open by themselves. Escape, a click elsewhere and leaving them close them.

export function closeMenus(root) {
  const opened = () => root.querySelectorAll("details.menu[open]");
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  const leave = (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  };
  root.addEventListener("click", leave);
  root.addEventListener("focusin", leave);
}
