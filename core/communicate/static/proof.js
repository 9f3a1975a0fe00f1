// Proof of work: while the form is filled in, look for the number that solves its challenge
// (ALTCHA's protocol).  Without crypto.subtle, or when the form is sent first, nothing is added:
// the form works all the same.

const letters = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const solve = async ({ algorithm, challenge, salt, maxNumber }) => {
  const encoder = new TextEncoder();
  for (let number = 0; number <= maxNumber; number += 1) {
    const hash = await crypto.subtle.digest(algorithm, encoder.encode(salt + number));
    if (letters(hash) === challenge) return number;
  }
  return null;
};

const place = document.querySelector("[data-proof]");
const form = place?.querySelector("form");
if (form && globalThis.crypto?.subtle) {
  const { algorithm, challenge, salt, maxNumber, signature } = JSON.parse(place.dataset.proof);
  const number = await solve({ algorithm, challenge, salt, maxNumber });
  if (number !== null) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "proof";
    input.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    form.append(input);
    place.dataset.proof = "done";
  }
}
