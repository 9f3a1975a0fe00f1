// Sizes and times as the page's language writes them.

const { lang } = document.documentElement;
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

const shown = (amount, unit, unitDisplay, digits) => new Intl.NumberFormat(lang, {
  style: "unit", unit, unitDisplay, maximumFractionDigits: digits,
}).format(amount);

export function size(count) {
  let amount = count;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const digits = amount >= 100 || !unit ? 0 : 1;
  return shown(amount, UNITS[unit], unit ? "short" : "long", digits);
}

// How long the rest of *row* takes, by what the last seconds brought; nothing where it is short.
export function left(row, done, total) {
  const now = performance.now();
  row.marks = [...(row.marks ?? []).filter(([when, count]) => now - when < 10_000 && count <= done), [now, done]];
  const [when, count] = row.marks[0];
  const speed = (done - count) / (now - when);
  const rest = (total - done) / speed / 1000;
  if (now - when < 2000 || !Number.isFinite(rest) || rest < 5) return "";
  if (rest < 60) return shown(Math.ceil(rest / 5) * 5, "second", "short", 0);
  if (rest < 3600) return shown(Math.ceil(rest / 60), "minute", "short", 0);
  return shown(rest / 3600, "hour", "short", 1);
}
