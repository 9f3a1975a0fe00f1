"""What a list can be narrowed by: the tags, languages and months of what its viewer may see."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from communicate.catalog.memory import remembered
from communicate.clock import moment
from communicate.interfaces import ICatalog
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_articles import tags
from communicate_articles.interfaces import IArticles
from communicate_articles.listing import Asked, Lister

LOOKED = 500  # of the viewer's latest articles, which the counts are of
TAGS, MONTHS = 20, 12  # that are shown

Counted = list[tuple[str, int, int]]  # label or month, how many, an article that has it


@dataclass
class Facets:
    """Each with its count; *names* of tags are as an author types them."""

    tags: list[tuple[str, str, int]] = field(default_factory=list)  # folded, as typed, how many
    languages: list[tuple[str, int]] = field(default_factory=list)
    months: list[tuple[str, int]] = field(default_factory=list)
    more: bool = False  # there are more articles than were looked at


def facets(request: Any, asked: Asked) -> Facets:
    """Return by what the list *asked* for can be narrowed further."""
    zone = str(request.page.formats.zone)
    months, labels, more = remembered(
        request, ("articles.facets", asked, zone), lambda: counted(request, asked)
    )
    found = Facets(months=months, more=more)
    for label, count, number in labels:
        kind, _colon, value = label.partition(":")
        if kind == "language" and value != asked.language:
            found.languages.append((value, count))
        if kind == "tag" and value != asked.tag and len(found.tags) < TAGS:
            name = name_of(request, value, number)
            if name is not None:
                found.tags.append((value, name, count))
    return found


def counted(request: Any, asked: Asked) -> tuple[list[tuple[str, int]], Counted, bool]:
    """Return months and labels of the viewer's latest, and whether there are more of these."""
    hits = Lister(request, asked).hits(LOOKED + 1)
    zone = request.page.formats.zone
    months = Counter(f"{moment(hit.time).astimezone(zone):%Y-%m}" for hit in hits[:LOOKED])
    latest = sorted(months.items(), reverse=True)[:MONTHS]
    numbers = [hit.id for hit in hits[:LOOKED]]
    labels = request.find_service(ICatalog).labelled(numbers)
    most = sorted(labels, key=lambda each: (-each[1], each[0]))
    return latest, most, len(hits) > LOOKED


def name_of(request: Any, folded: str, number: int) -> str | None:
    """Return how the article *number* writes its tag *folded*; None where the viewer may not know.

    The catalog says who may read it; the article is asked, too, before its words are shown.
    """
    service = request.find_service(IArticles)
    article = service.find(number)
    reads = article is not None and permits(request, article, VIEW)
    page = service.page(article) if reads else None
    named = () if page is None else page.tags
    return next((tag for tag in named if tags.folded(tag) == folded), None)
