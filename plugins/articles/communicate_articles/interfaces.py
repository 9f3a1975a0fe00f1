"""What the services of articles promise: ask with ``request.find_service(IX)``."""

from zope.interface import Interface


class IArticles(Interface):
    """Writing articles; whoever calls has asked ``permits``."""

    def begin(uid, written):
        """Return a new article of member *uid* whose draft is *written* (`words.Written`)."""

    def save(article, written):
        """Keep *written* as the draft of *article*, read by its author alone."""

    def discard(article):
        """Destroy the draft of an *article* that is out."""

    def publish(article):
        """Let the readers of *article* see its draft; keep what it replaces as a version."""

    def show(article, written):
        """Let readers see *written*, without a version or a word to the catalog: imports do."""

    def schedule(article, moment):
        """Let *article* come out at *moment*, a datetime; None: not by itself."""

    def written(article):
        """Return what readers see of *article* (`words.Written`), or None."""

    def draft(article):
        """Return the draft of *article* (`words.Written`), or None where there is none."""

    def page(article):
        """Return what is shown of *article* (`words.Page`), or None where it is not out."""

    def preview(written):
        """Return the `words.Page` of *written*, which is kept nowhere."""

    def title(article):
        """Return the title of *article*, of the draft where it is not out; empty where gone."""

    def path(article):
        """Return the address of *article*."""

    def find(number):
        """Return the article with that id, or None."""


class IRemovals(Interface):
    """Taking articles out of sight, and back, and away for good."""

    def delete(article):
        """Hide *article* at once; destroy it in ten seconds unless `undo` comes first."""

    def undo(article):
        """Show a deleted *article* again."""

    def destroy(article):
        """Destroy *article* with its pictures, versions and comments."""

    def set_hidden(article, hidden, reason=""):
        """Hide *article* from all but its author and moderators, or show it again."""

    def reason(article):
        """Return why a moderator hid *article*, or None."""
