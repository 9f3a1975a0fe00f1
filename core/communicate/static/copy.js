// Buttons that copy: data-copy names the field whose value, or the element whose words, they copy,
// data-done says what they say then. They are hidden until it works; one copies by hand otherwise.

const copy = async (button) => {
  const from = document.getElementById(button.dataset.copy);
  from.select?.();
  await navigator.clipboard.writeText(from.value ?? from.textContent);
  button.querySelector("span").textContent = button.dataset.done;
};

const offer = (root) => {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
};

if (navigator.clipboard) {
  offer(document);
  document.addEventListener("communicate:filled", ({ target }) => offer(target));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (button) copy(button);
  });
}
