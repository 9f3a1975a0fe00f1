"""What the page of search does not look through, and where the same words are looked for there.

What is sealed and large, and nobody's but its owner's, has a search of its own: a plugin says so
with ``config.add_search_elsewhere(offer)``, and the page leads there with the words.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator


class Elsewhere(NamedTuple):
    """A search of its own: what the link to it says, and its address with the words."""

    title: Any
    icon: str
    path: str


Offer = Callable[[Any, str], Elsewhere | None]
LINK = Markup('<a class="btn btn-plain" href="{}">{}{}</a>')


def add_search_elsewhere(config: Configurator, offer: Offer) -> None:
    """Show on the page of search what *offer* returns for ``(request, words)``, if anything."""
    name = f"{offer.__module__}.{offer.__qualname__}"

    def register() -> None:
        config.registry.communicate_search_elsewhere[name] = offer

    config.action(("search_elsewhere", name), register)


def links(request: Any, words: str) -> Markup:
    """Return links to the searches that are offered for *words*, empty for none."""
    known: dict[str, Offer] = request.registry.communicate_search_elsewhere
    found = (offer(request, words) for offer in known.values())
    page = request.page
    return Markup(" ").join(
        LINK.format(one.path, page.icon(one.icon), page.say(one.title)) for one in found if one
    )
