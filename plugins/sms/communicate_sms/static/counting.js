// How a text is divided into what a telephone puts together again: what parts.py says, in the
// browser. The alphabet comes with the page.

export function table({ basic, double, alone, together }) {
  const sizes = new Map([...[...basic].map((one) => [one, 1]), ...[...double].map((one) => [one, 2])]);
  return { sizes, alone, together };
}

export const tidy = (text) => text.normalize("NFC").replace(/\r\n?/g, "\n");

// Of a text that is tidy: which alphabet it takes, its parts, what is left in the last one, and
// the characters for which the short alphabet does not do.
export function split({ sizes, alone, together }, text) {
  const characters = [...text];
  const foreign = [...new Set(characters.filter((one) => !sizes.has(one)))];
  const alphabet = foreign.length ? 1 : 0;
  const size = alphabet ? (one) => one.length : (one) => sizes.get(one);
  const whole = characters.reduce((sum, one) => sum + size(one), 0);
  if (whole <= alone[alphabet]) return { alphabet, parts: [text], left: alone[alphabet] - whole, foreign };
  const parts = [""];
  let used = 0;
  for (const one of characters) {
    if (used + size(one) > together[alphabet]) {
      parts.push("");
      used = 0;
    }
    parts[parts.length - 1] += one;
    used += size(one);
  }
  return { alphabet, parts, left: together[alphabet] - used, foreign };
}
