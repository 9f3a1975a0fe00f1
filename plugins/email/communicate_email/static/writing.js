// The signature follows the address that is chosen, as long as nobody changed it in the text.

const place = document.querySelector("[data-signatures]");
const sender = place?.querySelector("select[name=sender]");

if (sender) {
  const known = JSON.parse(place.dataset.signatures);
  const area = place.querySelector("textarea[name=body]");
  let before = sender.value;
  sender.addEventListener("change", () => {
    const [old, made] = [known[before] ?? "", known[sender.value] ?? ""];
    before = sender.value;
    const { value } = area;
    const at = old ? value.indexOf(old) : -1;
    if (old && at < 0) return;
    // Without one so far: below what is written, above what is quoted.
    const quoted = value.search(/^(?:\S.*\n)?>/m);
    const start = old ? at : quoted < 0 ? value.length : quoted;
    const lead = !old && start && !value.slice(0, start).endsWith("\n\n") ? "\n\n" : "";
    const tail = !old && made && quoted >= 0 ? "\n" : "";
    area.setRangeText(lead + made + tail, start, start + old.length, "preserve");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
