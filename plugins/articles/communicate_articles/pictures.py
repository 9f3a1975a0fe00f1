"""What is attached to an article: in its words, below them, and on top of it."""

from typing import Any, NamedTuple

from communicate.ids import decode, encode
from communicate.writing.content import Attachment
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import SIGN
from communicate_articles.content import Article


class Cover(NamedTuple):
    """The picture on top: its address, its size, and what it shows, in words."""

    path: str
    width: int
    height: int
    text: str


class Out:
    """Those attachments of an article that its words may show, for `IAttachments.fill`.

    What no word refers to stands below them, but for the *cover*.
    """

    def __init__(self, found: list[Attachment], html: str, cover: int) -> None:
        self.attachments = {
            each.id: each for each in found if each.id != cover or encode(cover) in html
        }

    def attached(self) -> list[Attachment]:
        """Return them, the oldest first."""
        return list(self.attachments.values())


def seen(article: Article, *, draft: bool = False) -> list[Attachment]:
    """Return what is attached to the words that are out, or to the *draft*."""
    if draft:
        return [each for each in article.attached() if each.id not in without(article)]
    return [each for each in article.attached() if each.id in article.files]


def without(article: Article | None) -> tuple[int, ...]:
    """Return the ids of what is out, and attached to the draft of *article* no more."""
    return () if article is None or article.draft is None else article.draft.without


def filled(  # all but four by name
    request: Any,
    article: Article,
    html: str,
    cover: int,
    *,
    draft: bool = False,
    pictures: bool = True,
) -> Any:
    """Return *html*, words of *article*, with what is attached; without *pictures*, linked."""
    if not article.attachments and SIGN not in html:
        return html
    out = Out(seen(article, draft=draft), html, cover)
    attachments = request.find_service(IAttachments)
    return attachments.fill(html, out, base(request, article), pictures=pictures)


def base(request: Any, article: Article) -> str:
    """Return the address of *article* without words of its title."""
    path: str = request.resource_path(article)
    return path.rstrip("/")


def cover_of(request: Any, article: Article, number: int, text: str) -> Cover | None:
    """Return the picture with the id *number* as the cover of *article*, None where it is gone."""
    found = (article.attachments or {}).get(number) if number else None
    if found is None or not found.is_picture:
        return None
    path = f"{base(request, article)}/{encode(found.id)}"
    return Cover(path, found.width, found.height, text)


def offered(request: Any, place: str, article: Article | None) -> list[tuple[str, str]]:
    """Return the pictures that can be the cover of what is written at *place*, by id and name."""
    service = request.find_service(IAttachments)
    found = service.written(place, article)
    return [(encode(each.id), service.name(each)) for each in found if each.is_picture]


def number_in(text: str) -> int:
    """Return the id that a form says, 0 for none."""
    return decode(text) if text else 0
