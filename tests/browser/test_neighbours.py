"""Two people who get to know each other, in both languages, on both widths; by the keyboard once.

And every page of a demo, judged by axe-core (slow).
"""

import itertools
from typing import Any

import pytest

from communicate.demo import running
from communicate.testing.crawl import shape
from communicate.testing.house import PASSWORD, House
from communicate.testing.seen import seen
from communicate.testing.server import Server

WORK = "Facteur de violons"
LOOKS = [
    pytest.param("fr", 1440, False, id="fr-1440"),
    pytest.param("en", 390, True, id="en-390-keyboard", marks=pytest.mark.slow),
    pytest.param("fr", 390, False, id="fr-390", marks=pytest.mark.slow),
    pytest.param("en", 1440, False, id="en-1440", marks=pytest.mark.slow),
]
CONTACT = {"fr": "Votre contact", "en": "Your contact"}
SHOWN = "main [name=audience][value=contacts]"
MOST_STOPS = 150  # of the tabulator on one page
NUMBERS = itertools.count()


class Hands:
    """What a person does on a page, with a pointer or by the keyboard alone."""

    def __init__(self, page: Any, *, keyboard: bool) -> None:
        self.page = page
        self.keyboard = keyboard

    def reach(self, selector: str) -> None:
        """Go on with the tabulator until what has the focus is what *selector* names."""
        for _stop in range(MOST_STOPS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tabulator never comes to {selector} on {self.page.url}")

    def open(self, selector: str) -> None:
        """Open a menu."""
        if self.keyboard:
            self.reach(selector)
            self.page.keyboard.press("Enter")
        else:
            self.page.click(selector)

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.open(selector)
        self.page.wait_for_load_state()

    def write(self, selector: str, words: str) -> None:
        """Fill in a field."""
        if self.keyboard:
            self.reach(selector)
            self.page.keyboard.type(words)
        else:
            self.page.fill(selector, words)

    def choose(self, selector: str) -> None:
        """Choose one of several answers: arrows move among them."""
        if not self.keyboard:
            self.page.check(selector)
            return
        self.reach("main [name=audience]:checked")
        while not self.page.is_checked(selector):
            self.page.keyboard.press("ArrowDown")


@pytest.fixture
def two(site: Any, windows: Any) -> Any:
    """Return what makes two new members and signs them in: their logins and pages."""

    def make(language: str, width: int) -> list[tuple[str, Any]]:
        made = []
        for name in ("nina", "omar"):
            login = f"{name}{next(NUMBERS)}"
            site.server.member(login, PASSWORD)
            page = windows.open(site.server.url, language, width)
            cookies = [{"name": "lang", "value": language, "url": site.server.url}]
            page.context.add_cookies([*cookies, *site.sessions.of(login)])
            made.append((login, page))
        return made

    return make


class TestWalk:
    @pytest.mark.parametrize(("language", "width", "keyboard"), LOOKS)
    def test_two_people_get_to_know_each_other(
        self, two: Any, language: str, width: int, keyboard: bool
    ) -> None:
        (nina, hers), (omar, his) = two(language, width)
        she, he = (Hands(page, keyboard=keyboard) for page in (hers, his))
        # Nina says what she does, to her contacts.
        hers.goto(f"/members/{nina}/add?kind=occupation")
        she.write("main [name=value]", WORK)
        she.choose(SHOWN)
        she.press("main [name=save]")
        assert WORK in hers.inner_text("main")
        # Omar sees nothing of it, and asks.
        his.goto(f"/members/{nina}")
        assert WORK not in his.inner_text("main")
        he.open("main details.ask > summary")
        he.write("main [name=note]", "Salut !")
        he.press("main [name=ask]")
        # Nina is told, and accepts.
        hers.goto("/")
        assert hers.locator(".tool-notices .count").inner_text().strip().startswith("1")
        she.press("a.tool-notices")
        assert omar in hers.inner_text("main")
        hers.goto("/contacts")
        assert "Salut" in hers.inner_text("main")
        she.press("main button[value=accept]")
        # Now he sees it, and finds her by it.
        his.goto(f"/members/{nina}")
        assert WORK in his.inner_text("main")
        assert CONTACT[language] in his.inner_text("main")
        his.goto("/search")
        he.write("main [name=q]", "violons")
        he.press("main form button[type=submit]")
        assert nina in his.inner_text("main")
        # She looks through a stranger's eyes: nothing.
        hers.goto(f"/members/{nina}?as=stranger")
        assert WORK not in hers.inner_text("main")
        for page in (hers, his):
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.get_attribute("html", "lang") == language


@pytest.fixture(scope="module")
def demo(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Yield a served demo: `server`, `made`, and the addresses of a page of every kind."""
    folder = tmp_path_factory.mktemp("demo")
    house = House(folder, ["forums"], {"name": "Rue du Canal"})
    made = running.make(house.registry, 60, 1, lambda _line: None)
    kinds: dict[str | None, dict[str, str]] = {}
    for person in (None, made.people[0], made.people[12]):
        login = person and person.login
        paths = seen(house.browser(login, made.password), most=900, addresses=True)
        kinds[login] = {shape(path): path for path in paths}
    house.close()
    server = Server(folder, name="Rue du Canal")
    server.made, server.kinds = made, kinds  # type: ignore[attr-defined]
    with server:
        yield server


@pytest.mark.slow
class TestDemo:
    @pytest.mark.parametrize("who", [0, 1, 2], ids=["stranger", "operator", "member"])
    @pytest.mark.parametrize("look", [("fr", 390, "dark"), ("en", 1440, "light")], ids=str)
    def test_no_page_breaks_a_rule(
        self, demo: Any, windows: Any, judged: Any, who: int, look: tuple[str, int, str]
    ) -> None:
        language, width, scheme = look
        login, paths = list(demo.kinds.items())[who]
        page = windows.open(demo.url, language, width, scheme, reduced_motion="reduce")
        page.context.add_cookies([{"name": "lang", "value": language, "url": demo.url}])
        if login:
            cookies = demo.client(login, demo.made.password).cookies
            page.context.add_cookies(
                [
                    {"name": name, "value": value, "url": demo.url}
                    for name, value in cookies.items()
                ]
            )
        page.watch.allowed |= {400, 403, 404}
        broken = {}
        for path in paths.values():
            page.goto(path)
            found = judged(page)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append("it scrolls sideways")
            if found:
                broken[path] = found
        assert broken == {}
        assert len(paths) > 10
