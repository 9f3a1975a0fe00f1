"""Writing in forums: `IForums`."""

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.audience import Audience
from communicate.catalog import set_audience
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, IMarkdown, ISeals
from communicate_forums.content import Forum, Forums, Post, Topic
from communicate_forums.indexing import settle_post, settle_topic
from communicate_forums.interfaces import IForums
from communicate_forums.slugs import topic_path

TITLE = "forums.title"
BODY = "forums.post"
HTML = "forums.html"
TOPIC = "forums.topic"


def forums_of(request: Request) -> Forums:
    """Return the forums of the site."""
    found: Forums = request.site["forums"]
    return found


@implementer(IForums)
class ForumsService:
    """Write in the forums of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.markdown = request.find_service(IMarkdown)
        self.renderer = str(getattr(self.markdown, "version", "1"))

    def add_forum(self, name: str, title: str, **details: Any) -> Forum:
        """Make the forum *name*; *details* are those of `change_forum`."""
        forum = Forum(title)
        forums_of(self.request)[name] = forum
        self.change_forum(forum, details)
        return forum

    def change_forum(self, forum: Forum, details: Mapping[str, Any]) -> None:
        """Give *forum* the title, description, category, weight, audience, grants in *details*."""
        for name in ("title", "description", "category", "weight", "audience"):
            if name in details:
                setattr(forum, name, details[name])
        grants: Mapping[str, Audience] = details.get("grants", {})
        forum.grants = {**forum.grants, **grants}
        set_audience(self.request, forum)

    def open_topic(self, forum: Forum, uid: int, title: str, body: str) -> Post:
        """Open a topic in *forum* with its first post; return that post."""
        number = new_id(now(self.request))
        topic = Topic(number, uid, self.seals.seal(uid, TITLE, title))
        forum.add(topic)
        self.request.find_service(IAuthored).add(uid, TOPIC, topic.id)
        settle_topic(self.request, topic)
        return self._add(topic, Post(number, uid), body)

    def reply(self, topic: Topic, uid: int, body: str) -> Post:
        """Add a post to *topic*, after all that are there; return it."""
        hold(topic)
        number = topic.follow(new_id(now(self.request)))
        return self._add(topic, Post(number, uid), body)

    def _add(self, topic: Topic, post: Post, body: str) -> Post:
        self._write(post, body)
        topic.add(post)
        self.request.find_service(IAuthored).add(post.owner, BODY, post.id)
        settle_post(self.request, post)
        return post

    def edit(self, post: Post, body: str, title: str | None = None) -> None:
        """Put *body* in place of the words of *post*, and mark it as edited."""
        self._write(post, body)
        post.edited = milliseconds(now(self.request))
        settle_post(self.request, post)
        topic: Topic = post.__parent__
        if title and post.id == topic.id:
            topic.title = self.seals.seal(topic.owner, TITLE, title)
            settle_topic(self.request, topic)

    def _write(self, post: Post, body: str) -> None:
        seal = self.seals.seal
        html = self.markdown.render(body)
        post.write(seal(post.owner, BODY, body), seal(post.owner, HTML, html), self.renderer)

    def preview(self, body: str) -> Any:
        """Return the clean HTML of *body*, which is kept nowhere."""
        return self.markdown.render(body)

    def path(self, topic: Topic) -> str:
        """Return the address of *topic*."""
        return topic_path(topic, self.title(topic))

    def title(self, topic: Topic) -> str | None:
        """Return the words of the topic's title, or None where they are gone."""
        return None if topic.title is None else self.seals.text(topic.title)

    def author(self, uid: int | None) -> str | None:
        """Return the name of an author of the archive, None for anybody else; it may be empty."""
        archive = forums_of(self.request).archive
        name = None if archive is None or uid is None else archive.names.get(uid)
        return None if name is None else self.seals.text(name)

    def body(self, post: Post) -> str | None:
        """Return the Markdown of *post*, or None where it is gone."""
        return None if post.body is None else self.seals.text(post.body)

    def html(self, post: Post) -> str | None:
        """Return the clean HTML of *post*, made anew where an older renderer made it."""
        if post.html is None:
            return None
        if post.made_by != self.renderer:
            body = self.body(post)
            if body is None:
                return None
            self._write(post, body)
        html: str | None = self.seals.text(post.html)
        return html


def hold(thing: Any) -> None:
    """Have this transaction tried again where another one changes *thing* meanwhile."""
    if thing._p_jar is not None:
        thing._p_jar.readCurrent(thing)


def hold_tree(tree: Any) -> None:
    """Do as `hold` does for every record of a BTree: a new key changes one of them at least."""
    hold(tree)
    bucket = getattr(tree, "_firstbucket", None)
    while bucket is not None:
        hold(bucket)
        bucket = bucket._next


def forums_service(_context: Any, request: Request) -> ForumsService:
    """Return the service for one request."""
    return ForumsService(request)
