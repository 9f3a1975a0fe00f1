// Files that are dropped on the page of a folder are sent one by one, with progress; the list is
// shown anew when all are there. Without it, the page "Upload" does the same in one form.

const place = document.querySelector("[data-drop]");
const tray = document.querySelector("[data-tray]");

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const state = document.createElement("span");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  state.className = "small quiet";
  state.textContent = tray.dataset.waits;
  item.append(name, bar, state);
  tray.querySelector("ul").append(item);
  return { bar, state };
}

function send(file, { bar, state }) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("csrf_token", tray.querySelector("[name=csrf_token]").value);
    body.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        bar.value = event.loaded / event.total;
        state.textContent = `${Math.round(100 * bar.value)} %`;
      }
    });
    request.addEventListener("loadend", () => {
      const sent = request.status >= 200 && request.status < 300;
      bar.value = sent ? 1 : 0;
      state.textContent = sent ? tray.dataset.done : tray.dataset.failed;
      resolve(sent);
    });
    request.open("POST", place.dataset.drop);
    request.send(body);
  });
}

async function sendAll(files) {
  tray.hidden = false;
  const rows = files.map((file) => [file, row(file)]);
  let sent = 0;
  for (const [file, shown] of rows) {
    sent += (await send(file, shown)) ? 1 : 0;
    tray.querySelector("[role=status]").textContent = `${file.name}: ${shown.state.textContent}`;
  }
  if (sent === files.length) {
    location.reload();
  }
}

function holdsFiles(event) {
  return event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
}

if (place && tray) {
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
      place.classList.add("is-over");
    }
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) {
      place.classList.remove("is-over");
    }
  });
  document.addEventListener("drop", (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
      place.classList.remove("is-over");
      const files = Array.from(event.dataTransfer.files);
      if (files.length) {
        sendAll(files);
      }
    }
  });
  document.addEventListener("paste", (event) => {
    const files = Array.from(event.clipboardData ? event.clipboardData.files : []);
    if (files.length) {
      event.preventDefault();
      sendAll(files);
    }
  });
}
