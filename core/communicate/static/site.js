// What makes every page smoother; without it, everything works by plain requests.

import { closeMenus } from "./menus.js";
import { sendOnce } from "./once.js";
import { slashSearches } from "./search.js";

sendOnce(document);
closeMenus(document);
slashSearches(document);

// What can be undone can be for ten seconds; a pointer or the focus on it stops that clock.
for (const snack of document.querySelectorAll("[data-undo]")) {
  setTimeout(() => { if (!snack.matches(":hover, :focus-within")) snack.remove(); }, Number(snack.dataset.undo) * 1000);
}

// Only pages that have one of these load what makes it smoother.
if (document.querySelector("button.aud")) import("./audience.js").then(({ openInPlace }) => openInPlace(document));
if (document.querySelector("a[data-edit]")) import("./space.js").then(({ editInPlace }) => editInPlace(document));
if (document.querySelector("[data-editor]")) import("./editor.js").then(({ edit }) => edit(document));
if (document.querySelector("#reply textarea")) import("./quoting.js").then(({ quoteInPlace }) => quoteInPlace(document));
if (document.querySelector("form[data-draft]")) import("./drafts.js").then(({ keepAll }) => keepAll(document));
const complete = (root) => root.querySelector("input[data-people]") && import("./people.js").then(({ completeAll }) => completeAll(root));
complete(document);
document.addEventListener("communicate:filled", ({ target }) => complete(target)); // what a module puts in later, and says so
if (document.querySelector("a[data-live]")) import("./live.js");

// On a phone the menu of the settings lies in one line: the current page is kept in view.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
