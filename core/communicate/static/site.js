// What makes every page smoother; without it, everything works by plain requests.

import { closeMenus } from "./menus.js";
import { sendOnce } from "./once.js";

sendOnce(document);
closeMenus(document);
