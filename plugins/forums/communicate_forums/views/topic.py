"""A topic's page: its posts, the reply box, and what moderators do with it."""

from collections.abc import Collection
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.permissions import MODERATE, VIEW
from communicate.security import held, permits
from communicate.web import notices
from communicate.web.forms import PREVIEW, Form, FormInvalid, blank
from communicate.web.skeletons import fill_found
from communicate.web.slices import Slice, asked, oldest_first, query
from communicate.web.whole import whole
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate_forums.content import Forum, Topic
from communicate_forums.following import follows
from communicate_forums.forms import reply_form
from communicate_forums.interfaces import IForums, IRemovals
from communicate_forums.lines import Acts, Lines
from communicate_forums.permissions import ANSWER, REPLY
from communicate_forums.reading import Reading
from communicate_forums.slugs import topic_path
from communicate_forums.unread import remember
from communicate_forums.viewers import saw
from communicate_forums.views.forums import POSTS
from communicate_forums.views.places import place_of
from communicate_forums.views.sharing import feed_of, shared
from communicate_forums.views.undo import deleted_here

_ = TranslationStringFactory("communicate_forums")

ACTS = {
    "pin": _("The topic is pinned."),
    "unpin": _("The topic is not pinned any more."),
    "lock": _("The topic is locked: nobody can reply."),
    "unlock": _("The topic is open again."),
    "show": _("The topic is shown again."),
}
TEMPLATE = "communicate_forums:templates/topic.pt"
DISCUSSION = "communicate_forums:templates/discussion.pt"
MAY = {"moderate": MODERATE, "answer": ANSWER}


def page_of(context: Topic, request: Request) -> Slice:
    """Return the posts that the query asks for."""
    size = request.registry.settings["forums.page_size"]
    return oldest_first(context.posts, size, asked(request, "after"), asked(request, "before"))


def quoting(context: Topic, request: Request) -> str:
    """Return the words that the query asks to be quoted, as a form holds them."""
    number = asked(request, "quote")
    if number is None or number not in context.posts:
        return ""
    return f"[quote:{encode(number)}]\n\n"


def reply_box(context: Topic, request: Request, path: str) -> Any:
    """Return the HTML of the form that replies, with what is to be quoted in it."""
    quoted, base = quoting(context, request), base_of(context)
    if quoted:
        return reply_form(request, path, base, quoted).render()
    return blank(
        request, "forums.reply", lambda action: reply_form(request, action, base), path, base
    )


def base_of(context: Topic) -> str:
    """Return the address of the topic without the words of its title."""
    return f"/forums/{context.__parent__.__name__}/{context.__name__}"


def acts_of(request: Request, base: str, rights: Collection[str], *, may_quote: bool) -> Acts:
    """Return what the viewer, who holds *rights* on the topic, can do on this page of it."""
    may = {name for name, one in MAY.items() if one in rights}
    may |= {"quote"} if may_quote else set()
    may |= set() if request.member is None else {"report"}
    here = query(after=asked(request, "after")) or query(before=asked(request, "before"))
    return Acts(base, may, f"{here}&quote=" if here else "?quote=")


def unread_of(context: Topic, page: Slice, read: int) -> bool:
    """Tell whether the first post that was not read, up to id *read*, is on another page."""
    if not read or not page.items or read >= context.posts.maxKey():
        return False
    first = next(iter(context.posts.keys(read, excludemin=True)))
    return all(number != first for number, _post in page.items)


def topic_page(
    context: Topic, request: Request, title: str | None, form: Form | None = None
) -> dict[str, Any]:
    """Return what the page of a topic, called *title*, shows."""
    reading = Reading(request)
    forum: Forum = context.__parent__
    path, base = topic_path(context, title), base_of(context)
    page = page_of(context, request)
    before = remember(request, context, page.items)
    saw(request, *(post for _number, post in page.items), *(() if page.forth else (context,)))
    rights = held(request, context, REPLY, *MAY.values())
    reply = None if form is None else form.render()
    if reply is None and REPLY in rights:
        reply = reply_box(context, request, path)
    acts = acts_of(request, base, rights, may_quote=reply is not None)
    title = title or request.page.say(_("A deleted title"))
    feed = feed_of(context, request, base)
    content = fill_found(
        request,
        DISCUSSION,
        kind_of(context, request, acts),
        title=title,
        forum=f"/forums/{forum.__name__}",
        forum_title=reading.title_of(forum) if permits(request, forum, VIEW) else None,
        base=base,
        number=context.__name__,
        posts=Lines(reading, context, acts).posts(page.items, before),
        pager=request.page.pager(
            page.back and path + query(before=page.back),
            page.forth and path + query(after=page.forth),
        ),
        latest=f"{path}/latest" if page.forth else None,
        unread=f"{base}/unread" if unread_of(context, page, before) else None,
        reply=reply,
        feed=feed,
        undo=deleted_here(forum.__parent__, request),
        csrf=request.page.csrf(),
        sign_in=request.page.url("/login", came_from=request.page.here),
        **facts(context, reading, base),
    )
    sharing = shared(context, request, path, title, page.items)
    return {"title": title, "feed": feed, "shared": sharing, "content": content}


def kind_of(context: Topic, request: Request, acts: Acts) -> dict[str, bool]:
    """Return what a page of the topic has besides what is found: see the template."""
    return {
        "member": request.member is not None,
        "follows": follows(context, request.viewer.uid),
        "moderates": "moderate" in acts.may,
        "answers": "answer" in acts.may,
        "reports": "report" in acts.may and request.viewer.uid != context.owner,
        "pinned": context.is_pinned,
        "locked": context.locked,
        "hidden": context.hidden,
    }


def facts(context: Topic, reading: Reading, base: str) -> dict[str, Any]:
    """Return what the page says of the topic, and of its last post and its answer, if any."""
    page, count = reading.page, context.count()
    last, answer = reading.last_line(context), reading.answer(context)
    answered = None if answer is None else reading.last_line(context, answer)
    return {
        "author": reading.person(context.owner)[0],
        "opened": page.time(context.created),
        "badge": page.badge(context),
        "count": page.plural(POSTS, count),
        "total": page.number(count),
        "last": last and last.time,
        "last_by": last and last.author,
        "answer": answered and f"{base}/{answered.number}",
        "answered": answered and answered.time,
        "answered_by": answered and answered.author,
    }


@view_config(context=Topic, permission=VIEW, request_method="GET")
def read(context: Topic, request: Request) -> Any:
    """Show a page of posts; an address with other words in it leads to the one with these."""
    title = request.find_service(IForums).title(context)
    path = topic_path(context, title)
    if path != "/" + "/".join(request.traversed) or request.path_info.endswith("/"):
        words = request.query_string
        return HTTPFound(path + (f"?{words}" if words else ""))
    return whole(request, TEMPLATE, topic_page(context, request, title))


@view_config(context=Topic, permission=REPLY, request_method="POST", renderer=TEMPLATE)
def reply(context: Topic, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Add a post and lead to it."""
    words = request.find_service(IForums)
    form = reply_form(request, words.path(context), base_of(context))
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
        return topic_page(context, request, words.title(context), form)
    if form.pressed == PREVIEW:
        form.preview = Reading(request).preview(values["body"])
        return topic_page(context, request, words.title(context), form)
    count_posting(request, values["body"], "posts")
    post = words.reply(context, request.member.uid, values["body"])
    request.find_service(IAttachments).take(form, post)
    done: HTTPSeeOther = form.done(place_of(request, post, last=True))
    return done


@view_config(context=Topic, name="latest", permission=VIEW, request_method="GET")
def latest(context: Topic, request: Request) -> HTTPFound:
    """Lead to the last page of a topic."""
    last = context.posts[context.posts.maxKey()]
    return HTTPFound(place_of(request, last, last=True))


@view_config(context=Topic, name="answer", permission=ANSWER, request_method="POST")
def answer(context: Topic, request: Request) -> HTTPSeeOther:
    """Mark the post that answers the topic, or take the mark away where it has it."""
    try:
        post = context.posts[decode(request.POST.get("post", ""))]
    except (ValueError, KeyError):
        raise HTTPBadRequest from None
    if context.answer == post.id:
        context.answer = 0
        notices.give(request, _("No post is marked as the answer any more."))
    elif permits(request, post, VIEW):
        context.answer = post.id
        notices.give(request, _("The post is marked as the answer."))
    return HTTPSeeOther(place_of(request, post))


@view_config(context=Topic, name="moderate", permission=MODERATE, request_method="POST")
def moderate(context: Topic, request: Request) -> HTTPSeeOther:
    """Pin or lock the topic, undo that, or show it again."""
    act = request.POST.get("act")
    if act not in ACTS:
        raise HTTPBadRequest
    if act in ("pin", "unpin"):
        context.set_pinned(act == "pin")
    elif act in ("lock", "unlock"):
        context.locked = act == "lock"
    else:
        request.find_service(IRemovals).set_hidden(context, False)
    notices.give(request, ACTS[act])
    return HTTPSeeOther(request.find_service(IForums).path(context))
