"""Writing in forums: `IForums`."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.audience import Audience
from communicate.catalog import set_audience
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, IMarkdown, IMembers, ISeals
from communicate.sealing.content import Sealed
from communicate.storage.holding import hold
from communicate.writing import mentions
from communicate_forums.content import Forum, Forums, Post, Topic
from communicate_forums.indexing import settle_post, settle_topic
from communicate_forums.interfaces import IFollowing, IForums
from communicate_forums.quotes import line_in
from communicate_forums.slugs import topic_path
from communicate_forums.telling import announce, tell_of_reply

RULES = 1  # one more whenever the same Markdown may give other HTML here
TITLE = "forums.title"
BODY = "forums.post"
HTML = "forums.html"
TOPIC = "forums.topic"


def forums_of(request: Request) -> Forums:
    """Return the forums of the site."""
    found: Forums = request.site["forums"]
    return found


def renderer_of(markdown: Any) -> str:
    """Return what changes whenever the same Markdown may give other HTML here."""
    return f"{getattr(markdown, 'version', '1')}+{RULES}"


@implementer(IForums)
class ForumsService:
    """Write in the forums of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.markdown = request.find_service(IMarkdown)
        self.renderer = renderer_of(self.markdown)

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
        self.request.find_service(IFollowing).follow(topic, uid)
        settle_topic(self.request, topic)
        return self._add(topic, Post(number, uid), body)

    def reply(self, topic: Topic, uid: int, body: str) -> Post:
        """Add a post to *topic*, after all that are there; return it."""
        hold(topic)
        number = topic.follow(new_id(now(self.request)))
        return self._add(topic, Post(number, uid), body)

    def _add(self, topic: Topic, post: Post, body: str) -> Post:
        html = self._write(post, body)
        topic.add(post)
        self.request.find_service(IAuthored).add(post.owner, BODY, post.id)
        settle_post(self.request, post)
        tell = announce if post.id == topic.id else tell_of_reply
        tell(self.request, post, mentions.named(html))
        return post

    def edit(self, post: Post, body: str, title: str | None = None) -> None:
        """Put *body* in place of the words of *post*, and mark it as edited."""
        before = mentions.named(self.html(post))
        html = self._write(post, body)
        post.edited = milliseconds(now(self.request))
        settle_post(self.request, post)
        announce(self.request, post, mentions.named(html) - before, edited=True)
        topic: Topic = post.__parent__
        if title and post.id == topic.id:
            self._retitle(topic, title)
            settle_topic(self.request, topic)

    def _retitle(self, topic: Topic, title: str) -> None:
        """Let the words of the title be those of who opened the topic."""
        if topic.title is not None and topic.title.uid != topic.owner:
            self.request.find_service(IAuthored).remove(topic.title.uid, TOPIC, topic.id)
        topic.title = self.seals.seal(topic.owner, TITLE, title)

    def _write(self, post: Post, body: str) -> str:
        """Give *post* these words; return the HTML made of them."""
        seal = self.seals.seal
        html = self.preview(body)
        post.write(seal(post.owner, BODY, body), seal(post.owner, HTML, html), self.renderer)
        return html

    def preview(self, body: str) -> str:
        """Return the clean HTML of *body*, which is kept nowhere; its quotes are references."""
        return mentions.link(str(self.markdown.render(body)), self._is_login)

    def _is_login(self, login: str) -> bool:
        return self.request.find_service(IMembers).by_login(login) is not None

    def path(self, topic: Topic) -> str:
        """Return the address of *topic*."""
        return topic_path(topic, self.title(topic))

    def title(self, topic: Topic) -> str | None:
        """Return the words of the topic's title, or None where they are gone."""
        return None if topic.title is None else self.seals.made(topic.title, str)

    def author(self, uid: int | None) -> str | None:
        """Return the name of an author of the archive, None for anybody else; it may be empty."""
        archive = forums_of(self.request).archive
        name = None if archive is None or uid is None else archive.names.get(uid)
        return None if name is None else self.seals.made(name, str)

    def body(self, post: Post) -> str | None:
        """Return the Markdown of *post*, or None where it is gone."""
        return None if post.body is None else self.seals.text(post.body)

    def reason(self, thing: Post | Topic) -> str | None:
        """Return why a moderator hid *thing*, or None where no reason is there."""
        return None if thing.reason is None else self.seals.text(thing.reason)

    def html(self, post: Post) -> str | None:
        """Return the clean HTML of *post*, made anew where an older renderer made it."""
        sealed = self._made(post)
        return None if sealed is None else self.seals.text(sealed)

    def line(self, post: Post) -> str | None:
        """Return the words of *post* as text on one line, or None where it is gone."""
        sealed = self._made(post)
        return None if sealed is None else line_in(self.seals, sealed)

    def _made(self, post: Post) -> Sealed | None:
        """Return the sealed HTML of *post*, made anew where an older renderer made it."""
        if post.html is not None and post.made_by != self.renderer:
            body = self.body(post)
            if body is None:
                return None
            self._write(post, body)
        sealed: Sealed | None = post.html
        return sealed

    def htmls(self, posts: Sequence[Post]) -> list[str | None]:
        """Return what `html` returns for each of *posts*."""
        renderer = self.renderer
        made = [post.html for post in posts if post.made_by == renderer]
        sealed = [html for html in made if html is not None]
        if len(sealed) < len(posts):
            return [self.html(post) for post in posts]
        found: list[str | None] = self.seals.texts(sealed)
        return found


def forums_service(_context: Any, request: Request) -> ForumsService:
    """Return the service for one request."""
    return ForumsService(request)
