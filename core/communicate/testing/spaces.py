"""Two pages of one space that must be alike: as somebody sees it, and as its owner is shown that.

What belongs to the one who looks is left out on both sides: the bars around the page with the
member's menu, what the owner is told on top, tokens of forms, and what the viewer alone can do
with the other member.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from communicate.testing.house import House

MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
SEEN = re.compile(r'<fieldset class="as-seen" disabled[^>]*>(.*)</fieldset>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*name="(?:csrf_token|once)"[^>]*>')
BAR = re.compile(r'<section class="bar contact-bar".*?</section>', re.DOTALL)  # the viewer's own
SPACES = re.compile(r"\s+")


def real(page: str) -> tuple[str, str]:
    """Return the title and the content of the page that somebody was shown."""
    return _title(page), _plain(_part(MAIN, page))


def as_seen(page: str) -> tuple[str, str]:
    """Return the title and the content of the page that the owner is shown instead."""
    return _title(page), _plain(_part(SEEN, _part(MAIN, page)))


def _title(page: str) -> str:
    return _part(TITLE, page).strip()


def _part(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found is not None, f"{pattern.pattern} is not in the page"  # noqa: S101
    return found[1]


def _plain(html: str) -> str:
    return SPACES.sub(" ", BAR.sub("", HIDDEN.sub("", html))).strip()


class Comparison:
    """Looks at spaces of a house as their owners are shown them, and as others see them."""

    def __init__(self, house: House, browser_of: Any) -> None:
        self.house = house
        self.browser_of = browser_of  # login, or None for a stranger: a WebTest browser

    def differences(self, owner: str, viewers: Iterable[tuple[str, str | None]]) -> Iterator[str]:
        """Yield what differs; *viewers* are pairs: how the address names one, and the login."""
        for name, login in viewers:
            shown = self.browser_of(owner).get(f"/members/{owner}?as={name}").text
            seen = self.browser_of(login).get(f"/members/{owner}").text
            if as_seen(shown) != real(seen):
                yield f"{owner} as {name}"
