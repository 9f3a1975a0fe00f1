"""What feeds of articles hold: the newest of a list that their reader may read, whole."""

from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory

from communicate.catalog import Hit
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.security import decide
from communicate.web import feeds
from communicate.web.indexing import is_walled
from communicate_articles import tags
from communicate_articles.content import NAME, Article
from communicate_articles.interfaces import IArticles
from communicate_articles.languages import name_of
from communicate_articles.listing import Asked, Lister
from communicate_articles.pictures import cover_of, filled

_ = TranslationStringFactory("communicate_articles")

ENTRIES = 30
COVER = Markup('<p><img src="{path}" alt="{text}" width="{width}" height="{height}"></p>')


class Feeds(NamedTuple):
    """The addresses of the open feeds of one list."""

    title: str
    atom: str
    json: str


def feeds_of(request: Any, asked: Asked) -> Feeds | None:
    """Return the addresses of the open feeds of a list; None where strangers read nothing."""
    if is_walled(request):
        return None
    whole = asked.without("month")
    title = title_of(request, whole)
    return Feeds(title, whole.address("feed.atom"), whole.address("feed.json"))


def title_of(request: Any, asked: Asked) -> str:
    """Return how the feed of a list is called."""
    parts = [
        f"#{asked.tag}" if asked.tag else "",
        asked.author,
        name_of(asked.language) if asked.language else "",
        request.page.say(_("Articles")),
        request.page.site_name,
    ]
    return " – ".join(part for part in parts if part)


def source_of(request: Any, asked: Asked, itself: str) -> feeds.Source:
    """Return what the feed of a list says of itself."""
    page = asked.address()
    created = request.site[NAME].created
    title = title_of(request, asked)
    return feeds.Source(page.strip("/"), created, title, page, itself, request.page.language)


def items_of(request: Any, asked: Asked, reader: Any = None) -> list[feeds.Item]:
    """Return the newest articles of a list that the viewer may read, as feeds have them.

    A *reader*, another viewer, may read them, too.
    """
    rows = Lister(request, asked).newest(ENTRIES)
    shown = (
        item_of(request, hit, article)
        for hit, article in rows
        if reader is None or decide(reader, article, VIEW)
    )
    return feeds.first(shown, ENTRIES)


def item_of(request: Any, hit: Hit, article: Article) -> feeds.Item | None:
    """Return *article* as a feed has it, or None where its words are gone."""
    service = request.find_service(IArticles)
    page = service.page(article)
    if page is None:
        return None
    return feeds.Item(
        name=f"articles/{encode(article.id)}",
        created=article.created,
        published=hit.time,
        updated=max(article.changed, hit.time),
        title=page.title,
        path=service.path_for(article, page.title),
        author=request.page.login_of(article.owner) or "",
        html=html_of(request, article, page),
        summary=page.summary,
        tags=tuple(tag for tag in page.tags if tags.folded(tag)),
        language=article.language,
    )


def html_of(request: Any, article: Article, page: Any) -> str:
    """Return the words of *article* with its pictures, or links to them where they are closed."""
    is_open = feeds.is_open(request, article)
    html = str(filled(request, article, page.html, article.cover, pictures=is_open))
    cover = cover_of(request, article, article.cover, page.cover_text) if is_open else None
    if cover is None:
        return html
    sides = {"width": cover.width, "height": cover.height}
    return str(COVER.format(path=cover.path, text=cover.text, **sides)) + html


# Private feeds


def new_feed(request: Any, uid: int) -> str:
    """Give member *uid* a private feed in place of any that was; return the key of its address."""
    key, request.site[NAME].feeds[uid] = feeds.new_key(uid)
    return key


def revoke(request: Any, uid: int) -> None:
    """Let the private feed of member *uid* show nothing any more."""
    request.site[NAME].feeds.pop(uid, None)


def member_with(request: Any, key: str) -> Any:
    """Return the member whose private feed has that *key* in its address, or None."""
    uid = feeds.uid_in(key)
    kept = None if uid is None else request.site[NAME].feeds.get(uid)
    return feeds.member_with(request, key, kept)
