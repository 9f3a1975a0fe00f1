// What makes every page smoother; without it, everything works by plain requests.

import { closeMenus } from "./menus.js";
import { sendOnce } from "./once.js";
import { slashSearches } from "./search.js";

sendOnce(document);
closeMenus(document);
slashSearches(document);

// On a phone the menu of the settings lies in one line: the current page is kept in view.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
