// Passkeys: the browser is asked what the page, or the site, wants to know, and its answer is sent
// with the form.  Without this, or in a browser that knows no passkeys, the page offers other ways.

const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const creation = (question) => ({
  ...question,
  challenge: bytes(question.challenge),
  user: { ...question.user, id: bytes(question.user.id) },
  excludeCredentials: known(question.excludeCredentials),
});

const request = (question) => ({
  ...question,
  challenge: bytes(question.challenge),
  allowCredentials: known(question.allowCredentials),
});

const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const answer = (credential) => {
  const { response } = credential;
  const said = { transports: response.getTransports?.() ?? [] };
  for (const field of FIELDS) if (response[field]) said[field] = letters(response[field]);
  return JSON.stringify({ id: credential.id, rawId: letters(credential.rawId), type: credential.type, response: said });
};

const ask = async (place, form) => {
  if (place.dataset.question) return JSON.parse(place.dataset.question);
  const reply = await fetch(place.dataset.ask, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!reply.ok) throw new Error(reply.statusText);
  return reply.json();
};

const fill = async (place, form) => {
  const question = await ask(place, form);
  const credential = place.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: creation(question) })
    : await navigator.credentials.get({ publicKey: request(question) });
  form.elements.credential.value = answer(credential);
};

// The passkey's form says, as the password's does, whether this computer is kept signed in.
const copyChoice = (form) => {
  const box = document.querySelector("form#sign-in [name=remember]");
  if (box && form.elements.remember) form.elements.remember.value = box.checked ? "yes" : "";
};

const prepare = (place) => {
  const form = place.querySelector("form");
  const failed = place.querySelector("[data-passkey-failed]");
  place.hidden = false;
  document.querySelector("[data-passkey-without]")?.setAttribute("hidden", "");
  form.addEventListener("submit", async (event) => {
    copyChoice(form);
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopPropagation(); // it is not sent yet: see once.js
    failed.hidden = true;
    form.setAttribute("aria-busy", "true");
    try {
      await fill(place, form);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  // A page that comes back from the browser's memory asks anew.
  window.addEventListener("pageshow", () => { form.elements.credential.value = ""; });
};

if (globalThis.PublicKeyCredential) for (const place of document.querySelectorAll("[data-passkey]")) prepare(place);
