"""What was typed into a form that could not be taken is given back, to be sent again.

Only where the browser says that the form was ours: otherwise a page of someone else could lay
words of its own under a member's hand.
"""

from typing import Any, NamedTuple

from communicate.web.csrf import is_ours

NEVER = ("csrf_token", "once")
MARK = "unrepeated"  # a hidden field of every form that asks for a password
LONGEST = 200_000


class Typed(NamedTuple):
    """One value: its field's name, its text, and whether people typed it in several lines."""

    name: str
    text: str

    @property
    def is_long(self) -> bool:
        """Whether it is worth showing: more than a mark or a number."""
        return len(self.text) > 20 or "\n" in self.text


def rescued(request: Any) -> list[Typed] | None:
    """Return what the form held; None where it was not ours, or asked for a password."""
    origin = str(request.registry.settings.get("communicate.url") or "")
    stated = request.headers.get("Origin") or request.headers.get("Sec-Fetch-Site")
    if not stated or not is_ours(request, origin) or MARK in request.POST:
        return None
    found = [
        Typed(name, value[:LONGEST])
        for name, value in request.POST.items()
        if isinstance(value, str) and name not in NEVER
    ]
    return None if any("password" in typed.name for typed in found) else found


def written(request: Any) -> list[str]:
    """Return what a member wrote into a form that is not there any more, or not for them.

    What is short can be typed again; what has no spaces is an address that a button sent.
    """
    if request.method != "POST" or request.member is None:
        return []
    found = (typed.text for typed in rescued(request) or () if typed.is_long)
    return [text for text in found if len(text.split()) > 1]
