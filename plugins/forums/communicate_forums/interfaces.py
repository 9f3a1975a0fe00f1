"""What the services of forums promise: ask with ``request.find_service(IX)``."""

from zope.interface import Interface


class IForums(Interface):
    """Writing in forums; whoever calls has asked ``permits``."""

    def add_forum(name, title, **details):
        """Make the forum *name*; raise `communicate.content.NameTaken`."""

    def change_forum(forum, details):
        """Give *forum* the title, description, category, weight, audience, grants in *details*."""

    def open_topic(forum, uid, title, body):
        """Open a topic with its first post; return that post."""

    def reply(topic, uid, body):
        """Add a post to *topic*; return it."""

    def edit(post, body, title=None):
        """Put *body* in place of the post's words, mark it; a first post may change the title."""

    def preview(body):
        """Return the clean HTML of *body*, which is kept nowhere."""

    def path(topic):
        """Return the address of *topic*."""

    def title(topic):
        """Return the words of the topic's title, or None where they are gone."""

    def author(uid):
        """Return the name of somebody whose messages were imported, None for anybody else."""

    def body(post):
        """Return the Markdown of *post*, or None where it is gone."""

    def html(post):
        """Return the clean HTML of *post*, or None where it is gone.

        Quotes in it are references: `communicate_forums.quotes` fills them in for a viewer.
        """

    def line(post):
        """Return the words of *post* as text on one line, without quotes; None if it is gone."""

    def htmls(posts):
        """Return what `html` returns for each of *posts*, their keys looked up together."""

    def reason(thing):
        """Return why a moderator hid a topic or a post, or None."""


class IRemovals(Interface):
    """Taking things out of sight, and back, and away for good."""

    def delete(post):
        """Hide *post* at once; destroy its words in ten seconds unless `undo` comes first."""

    def undo(post):
        """Show a deleted *post* again."""

    def destroy(post):
        """Destroy the words of *post* and forget its author."""

    def set_hidden(thing, hidden, reason="", by=None):
        """Hide a post or a topic from all but moderators, or show it again.

        The *reason* is kept for its author, sealed; *by* is the uid of the moderator.
        """


class IFollowing(Interface):
    """Who is told of what is new in a topic or a forum."""

    def follow(thing, uid):
        """Let member *uid* be told of what is new in *thing*."""

    def unfollow(thing, uid):
        """Do not tell member *uid* of *thing* any more."""

    def followed(uid):
        """Yield what member *uid* follows, the newest first."""

    def forget(uid, most):
        """Let member *uid* follow *most* things less; return how many that was."""


class IMoves(Interface):
    """Moving topics and parts of them; addresses that led to them go on leading to them."""

    def move(topic, forum):
        """Put *topic* into *forum*, whose rights apply at once."""

    def split(post, title, uid):
        """Make a topic of *post* and all that follow it, titled by member *uid*; return it.

        Raise `communicate_forums.moving.CannotMove`.
        """

    def merge(topic, into):
        """Put the posts of *topic* into the topic *into*; raise `CannotMove`."""
