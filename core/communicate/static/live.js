// What is new for the reader comes without a reload: the server says that there is something, as
// an event `communicate:live` on the document with { what, id }, and the page fetches it. `again`
// says that something may have been missed. Without any of this, a reload shows the same.
//
// One tab of this browser has the connection, the one that was looked at last, and passes on what
// it hears; where tabs cannot agree, each has its own.

const NAME = "communicate.live";
const PATIENCE = 1000; // ms in which the tab with the connection answers, and a quick reader goes on
const HIDDEN = 10 * 60 * 1000; // ms after which a tab that nobody looks at lets go
const FIRST = 2000; // ms, doubled with each try
const LONGEST = 5 * 60 * 1000;
const RECENT = 30 * 1000; // ms for which what was heard is passed on to tabs that open
const OVER = [4001, 1008]; // the session has ended, or we have done something wrong

const quietly = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...options.headers, "X-Unattended": "1" } });

function listen(root, since) {
  const channel = new BroadcastChannel(NAME);
  const heard = [];
  let socket = null, release = null, queue = null, tries = 0, answered = false, over = false, retry = 0, pause = 0;

  const visible = () => root.visibilityState === "visible";
  const dispatch = (detail) => root.dispatchEvent(new CustomEvent("communicate:live", { detail }));

  function pass(detail) {
    heard.push({ detail, at: Date.now() });
    if (heard.length > 50) heard.shift();
    channel.postMessage({ detail });
    dispatch(detail);
  }

  channel.onmessage = ({ data }) => {
    if (data.detail) dispatch(data.detail);
    else if (data.hello && release) {
      channel.postMessage({ here: true });
      for (const { detail, at } of heard) if (at > Date.now() - RECENT) channel.postMessage({ detail });
    } else if (data.here) answered = true;
  };

  // Ask whether another tab has the connection; if none answers, take it.
  function agree() {
    if (over || release || !visible()) return;
    answered = false;
    channel.postMessage({ hello: true });
    clearTimeout(pause);
    pause = setTimeout(() => { if (visible() && !release && !over) lead(!answered); }, PATIENCE);
  }

  async function lead(now) {
    queue?.abort();
    queue = new AbortController();
    const { signal } = queue;
    try {
      if (!navigator.locks) await hold(); // over plain http, elsewhere than on this machine
      else await navigator.locks.request(NAME, now ? { steal: true } : { signal }, hold);
    } catch { // another tab took it, or this one no longer wants it
    }
    if (signal.aborted) return;
    drop();
    agree();
  }

  function hold() {
    connect();
    return new Promise((resolve) => { release = resolve; });
  }

  function drop() {
    clearTimeout(retry);
    release = null;
    const old = socket;
    socket = null;
    old?.close();
  }

  async function connect() {
    const token = root.querySelector("input[name=csrf_token]")?.value ?? "";
    const from = since;
    let answer;
    try {
      answer = await quietly("/live/ticket", { method: "POST", body: new URLSearchParams({ csrf_token: token, since: from }) });
    } catch {
      return again();
    }
    if (answer.status >= 500) return again();
    if (!answer.ok || answer.redirected) return stop();
    const { ticket, address } = await answer.json();
    if (!release) return;
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const mine = socket = new WebSocket(url, [NAME, ticket]);
    mine.onopen = () => { tries = 0; since = 0; }; // what comes after a gap is fetched anew
    mine.onmessage = ({ data }) => pass(JSON.parse(data));
    mine.onclose = ({ code }) => {
      if (socket !== mine) return;
      socket = null;
      if (OVER.includes(code)) stop();
      else again();
    };
  }

  function again() {
    if (!release) return;
    const longest = Math.min(LONGEST, FIRST * 2 ** tries++);
    retry = setTimeout(connect, longest * (0.5 + Math.random() / 2));
  }

  function stop() {
    over = true;
    release?.();
  }

  let hidden = 0;
  root.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (visible()) return agree();
    if (!release) queue?.abort();
    hidden = setTimeout(() => release?.(), HIDDEN);
  });
  window.addEventListener("pagehide", () => { queue?.abort(); release?.(); drop(); });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) agree(); });
  agree();
}

// The bell counts along.
function ring(root, bell) {
  let asked = false, once = 0;
  const link = (mount) => root.querySelectorAll(`:is(.services, .bottombar) a[href="/${mount}"]`);
  const mark = (place, shown) => {
    let count = place.querySelector(".count");
    if (!shown) return count?.remove();
    if (!count) {
      count = root.createElement("span");
      count.className = "count";
      place.append(" ", count);
    }
    const said = count.querySelector(".visually-hidden");
    count.replaceChildren(shown, ...(said ? [said] : []));
  };
  const show = ({ unread, shown, menu }) => {
    for (const [mount, waiting] of Object.entries(menu)) for (const place of link(mount)) mark(place, waiting);
    let count = bell.querySelector(".count");
    bell.querySelector("i, .bi")?.classList.replace(unread ? "bi-bell" : "bi-bell-fill", unread ? "bi-bell-fill" : "bi-bell");
    if (!unread) return count?.remove();
    if (!count) {
      count = root.createElement("span");
      count.className = "count";
      bell.querySelector(".visually-hidden").before(count);
    }
    count.textContent = shown;
  };
  const ask = async () => {
    asked = false;
    try {
      const answer = await quietly("/live/unread");
      if (answer.ok) show(await answer.json());
    } catch { // it will be right on the next page
    }
  };
  root.addEventListener("communicate:live", ({ detail }) => {
    const [mount] = detail.what.split(".");
    if (asked || !(["notices", "again"].includes(detail.what) || link(mount).length)) return;
    asked = true;
    clearTimeout(once);
    once = setTimeout(ask, 200);
  });
}

const bell = document.querySelector("a[data-live]");
if (bell) {
  ring(document, bell);
  listen(document, Number(bell.dataset.live));
}
