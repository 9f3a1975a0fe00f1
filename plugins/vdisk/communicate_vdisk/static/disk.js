// The page of a folder: files and folders that are dropped, pasted or chosen go into it in parts,
// and can be paused and go on. Without this, the page "Upload" sends them in one form.

import { chosen, dropped } from "./gather.js";
import { Tray, same } from "./tray.js";

const element = document.querySelector("[data-tray]");
const place = document.querySelector("[data-drop]") ?? document.querySelector("[data-sends]");

// Show the list anew once everything is there.
async function arrived(rows) {
  const whole = rows.every((row) => row.over === "sent" || row.over === "cancelled");
  if (element.dataset.leads) {
    if (whole && rows.some((row) => row.over === "sent")) location.assign(element.dataset.leads);
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, now] = [document, page].map((each) => each.querySelector("[data-listing]"));
  if (!here || !now || here.contains(document.activeElement)) return;
  here.replaceChildren(...now.childNodes);
  document.dispatchEvent(new Event("disk-listed"));
}

async function take(tray, gathered) {
  try {
    for await (const each of gathered) tray.add(each);
  } catch (error) {
    tray.element.hidden = false;
    tray.summary.textContent = error.message || tray.words.failed;
    tray.say(tray.summary.textContent);
  }
}

// What an earlier visit left: the same file, chosen again, goes on.
function offer(tray, item, input) {
  const { name } = item.dataset;
  const button = document.createElement("button");
  const form = item.querySelector("form");
  const filled = (words) => words.replace("{name}", name);
  Object.assign(button, { type: "button", className: "btn btn-quiet" });
  button.setAttribute("aria-label", filled(tray.words.rechoose));
  button.append(tray.template.content.querySelector("[data-on] .bi").cloneNode(true));
  button.hidden = !item.dataset.to;
  button.addEventListener("click", () => {
    input.value = "";
    input.onchange = () => {
      const [file] = input.files;
      if (same(item, file)) tray.add({ file, folder: item.dataset.to }, item);
      else {
        item.querySelector("[data-state]").textContent = tray.words.other;
        tray.say(`${name}: ${tray.words.other}`);
      }
    };
    input.click();
  });
  form.prepend(button);
}

function holdsFiles(event) {
  return event.dataTransfer && [...event.dataTransfer.types].includes("Files");
}

function listen(tray) {
  const { folder } = tray.words;
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    place.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) place.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    place.classList.remove("is-over");
    take(tray, dropped(event.dataTransfer, folder, tray.token));
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(tray, chosen([...event.clipboardData.files], folder, tray.token));
  });
}

function choose(tray) {
  const { folder } = tray.words;
  for (const control of document.querySelectorAll("[data-choose]")) {
    const input = element.querySelector(`input[data-${control.dataset.choose}]`);
    control.hidden = false;
    control.addEventListener("click", (event) => {
      event.preventDefault();
      input.value = "";
      input.click();
    });
    input.addEventListener("change", () => take(tray, chosen([...input.files], folder, tray.token)));
  }
  const form = document.querySelector("form[data-sends]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    take(tray, chosen([...form.elements.file.files], folder, tray.token));
  });
}

if (element && place) {
  const tray = new Tray(element, arrived);
  const input = element.querySelector("input[data-one]");
  for (const item of element.querySelectorAll("[data-upload]")) offer(tray, item, input);
  listen(tray);
  choose(tray);
}
