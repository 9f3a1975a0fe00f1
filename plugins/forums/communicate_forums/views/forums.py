"""The list of forums, and a forum's list of topics."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import MODERATE, OPERATE, VIEW
from communicate.security import permits
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.web.i18n import PluralFactory
from communicate.web.slices import asked, keys_backwards, newest_first, query
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate_forums.content import Forum, Forums
from communicate_forums.following import follows
from communicate_forums.forms import topic_form
from communicate_forums.interfaces import IForums
from communicate_forums.permissions import OPEN_TOPIC
from communicate_forums.reading import LOOK_BACK, Reading, Row
from communicate_forums.unread import LOOK_NEW, count_new
from communicate_forums.views.sharing import feed_of
from communicate_forums.views.undo import deleted_here

_ = TranslationStringFactory("communicate_forums")
_n = PluralFactory("communicate_forums")

TOPICS = _n("${n} topic", "${n} topics")
POSTS = _n("${n} post", "${n} posts")
NEW = _n("${n} new", "${n} new")
NEWS = 5  # followed topics with something new that a page shows


@dataclass(slots=True)
class Shelf:
    """A category and its forums."""

    title: str
    forums: list["Seen"] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """One forum in the list: its last topic is None where there is none."""

    forum: Forum
    title: str
    path: str
    count: int
    last: Row | None
    new: str  # how many topics have news, in words; empty for none
    may_open: bool


def readable(request: Request, forums: Forums) -> list[Forum]:
    """Return the forums that the viewer may read, in their order."""
    found = [forum for forum in forums.values() if permits(request, forum, VIEW)]
    return sorted(found, key=lambda forum: (forum.weight, forum.title, forum.__name__))


def seen(request: Request, reading: Reading, forum: Forum) -> Seen:
    """Return *forum* with its last topic, and whether one of its latest topics has news."""
    reader = reading.reader(forum.__parent__)
    rows = (reading.row(topic, reader) for topic in reading.newest(forum, LOOK_BACK))
    return Seen(
        forum=forum,
        title=reading.title_of(forum),
        path=f"/forums/{forum.__name__}",
        count=forum.count(),
        last=next((row for row in rows if row is not None), None),
        new=news(request, count_new(forum, reader, reading.uid)),
        may_open=bool(permits(request, forum, OPEN_TOPIC)),
    )


def news(request: Request, count: int) -> str:
    """Return *count* new topics in words, empty for none."""
    if count > LOOK_NEW:
        return str(request.page.say(_("more than ${n} new"), n=LOOK_NEW))
    return request.page.plural(NEW, count) if count else ""


def shelves(found: Iterable[Seen]) -> list[Shelf]:
    """Return *found* by category, in the order in which the categories first come."""
    by_title: dict[str, Shelf] = {}
    for one in found:
        by_title.setdefault(one.forum.category, Shelf(one.forum.category)).forums.append(one)
    return list(by_title.values())


@view_config(
    context=Forums,
    permission=VIEW,
    request_method="GET",
    renderer="communicate_forums:templates/forums.pt",
)
def forums(context: Forums, request: Request) -> dict[str, Any]:
    """Show the forums that the viewer may read."""
    reading = Reading(request)
    found = [seen(request, reading, forum) for forum in readable(request, context)]
    return {
        "title": _("Forums"),
        "shelves": shelves(found),
        "topics": TOPICS,
        "news": any(one.new for one in found),
        "followed": followed(request, reading),
        "feed": feed_of(context, request, "/forums"),
        "manages": bool(permits(request, context, OPERATE)),
    }


def followed(request: Request, reading: Reading) -> list[Row]:
    """Return the topics that the viewer follows and that have something new, a few of them."""
    reader = reading.reader(request.site["forums"])
    return [] if reader is None else reading.news(reader, NEWS)


def shown(request: Request, reading: Reading, topics: Any, numbers: list[int]) -> Markup:
    """Return the HTML of the topics with these *numbers*, empty where there is none to show."""
    rows = reading.rows([topics[number] for number in numbers if number in topics])
    return rendered(request, rows) if rows else Markup("")


def rendered(request: Request, rows: list[Row]) -> Markup:
    """Return the HTML of *rows*."""
    values = {"rows": rows, "posts": POSTS}
    return Markup(render("communicate_forums:templates/rows.pt", values, request))  # noqa: S704


@view_config(
    context=Forum,
    permission=VIEW,
    request_method="GET",
    renderer="communicate_forums:templates/forum.pt",
)
def forum(context: Forum, request: Request) -> dict[str, Any]:
    """Show the topics of a forum, the one with the latest posts first."""
    size = request.registry.settings["forums.topics"]
    after, before = asked(request, "after"), asked(request, "before")
    reading = Reading(request)
    page = newest_first(context.active, size, after, before)
    topics = context.__parent__.topics
    listed = [number for _key, number in page.items if number not in context.pinned]
    first = [] if before or after else sorted(context.pinned, reverse=True)
    path = f"/forums/{context.__name__}"
    return {
        "title": reading.title_of(context),
        "path": path,
        "rows": shown(request, reading, topics, [*first, *listed]),
        "count": request.page.plural(TOPICS, context.count()),
        "newer": page.forth and path + query(after=page.forth),
        "older": page.back and path + query(before=page.back),
        "may_open": bool(permits(request, context, OPEN_TOPIC)),
        "moderates": bool(permits(request, context, MODERATE)) and len(context.concealed) > 0,
        "manages": bool(permits(request, context, OPERATE)),
        "news": bool(count_new(context, reading.reader(context.__parent__), reading.uid)),
        "follows": follows(context, reading.uid),
        "feed": feed_of(context, request, path),
        "undo": deleted_here(context.__parent__, request),
    }


@view_config(
    context=Forum,
    name="hidden",
    permission=MODERATE,
    request_method="GET",
    renderer="communicate_forums:templates/hidden.pt",
)
def hidden(context: Forum, request: Request) -> dict[str, Any]:
    """Show moderators the latest topics that were hidden."""
    reading = Reading(request)
    topics = context.__parent__.topics
    most = request.registry.settings["forums.topics"]
    numbers = list(islice(keys_backwards(context.concealed), most))
    return {
        "title": _("Hidden topics"),
        "forum_title": reading.title_of(context),
        "path": f"/forums/{context.__name__}",
        "rows": shown(request, reading, topics, numbers),
    }


def new_page(context: Forum, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page with the form of a new topic shows."""
    return {
        "title": _("Open a topic"),
        "forum": context,
        "forum_title": Reading(request).title_of(context),
        "path": f"/forums/{context.__name__}",
        "form": form,
    }


@view_config(
    context=Forum,
    name="new",
    permission=OPEN_TOPIC,
    request_method="GET",
    renderer="communicate_forums:templates/write.pt",
)
def new(context: Forum, request: Request) -> dict[str, Any]:
    """Show the form of a new topic."""
    return new_page(context, request, topic_form(request))


@view_config(
    context=Forum,
    name="new",
    permission=OPEN_TOPIC,
    request_method="POST",
    renderer="communicate_forums:templates/write.pt",
)
def open_topic(context: Forum, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Open a topic and lead to it."""
    form = topic_form(request)
    words = request.find_service(IForums)
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return new_page(context, request, form)
    if form.pressed == PREVIEW:
        form.preview = Reading(request).preview(values["body"])
        return new_page(context, request, form)
    count_posting(request, values["body"], "topics")
    post = words.open_topic(context, request.member.uid, values["title"], values["body"])
    request.find_service(IAttachments).take(form, post)
    done: HTTPSeeOther = form.done(words.path(post.__parent__))
    return done
