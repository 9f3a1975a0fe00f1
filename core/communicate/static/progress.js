// Work that takes long: look every two seconds how far it is, and show the whole page at its end.
// Without this there is a link to look again.

const PAUSE = 2000;
const place = document.querySelector('[data-progress="yes"]');

const look = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector('[data-progress="yes"]');
    if (!now) return location.reload();
    place.replaceChildren(...now.childNodes);
  } catch {
    // The next look may do better.
  }
  return setTimeout(look, PAUSE);
};

if (place) setTimeout(look, PAUSE);
