"""What the services of messages promise: ask with ``request.find_service(IX)``.

Whoever calls has asked ``permits``.  What cannot be done raises
`communicate_messages.errors.Refused`, whose ``reason`` is a sentence for the member.
"""

from zope.interface import Interface


class IMessages(Interface):
    """Writing in conversations, and opening what was written."""

    def start(uid, others, body, title=""):
        """Write *body* to the members *others*, in the one conversation of two or in a new one.

        Return the message.
        """

    def say(conversation, uid, body):
        """Add a message of member *uid* to *conversation*; return it."""

    def preview(body):
        """Return the clean HTML of *body*, which is kept nowhere."""

    def title(conversation):
        """Return the title that somebody gave to *conversation*, or None."""

    def body(message):
        """Return the Markdown of *message*, or None where it is gone."""

    def html(message):
        """Return the clean HTML of *message*, or None where it is gone; quotes are references."""


class ITaking(Interface):
    """Who takes part in a conversation, and what it is to each."""

    def add(conversation, uid, whom):
        """Let member *whom* in, as *uid* asks: what was written before stays closed."""

    def leave(conversation, uid, words=False):
        """Take member *uid* out, with all that *uid* wrote there where *words* go too."""

    def accept(conversation, uid):
        """Let a stranger's request be a conversation like others."""

    def decline(conversation, uid):
        """Put a stranger's request away; who wrote is not told."""

    def mute(conversation, uid, muted):
        """Count and tell what comes in *conversation*, or do not."""

    def archive(conversation, uid, archived):
        """Put *conversation* away until something new comes, or back into the list."""

    def rename(conversation, uid, title):
        """Give *conversation*, of several, the *title* that member *uid* chooses."""

    def see(conversation, uid, number):
        """Count what is there for member *uid* as read, up to id *number*."""


class ILife(Interface):
    """For how long the messages of a conversation are kept."""

    def propose(conversation, uid, seconds):
        """Propose that messages be kept for *seconds* (0: for ever); *uid* agrees by that."""

    def agree(conversation, uid):
        """Agree with what was proposed; it holds once everybody has."""

    def refuse(conversation, uid):
        """Let nothing be proposed any more."""

    def fade(conversation, most):
        """Destroy up to *most* lines whose time is up; return how many that was."""


class IRemovals(Interface):
    """Taking messages out of sight, and back, and away for good."""

    def delete(message):
        """Hide *message* from everybody at once; destroy its words in ten seconds."""

    def undo(message):
        """Show a deleted *message* again."""

    def destroy(message):
        """Destroy the words of *message* and forget its author; its place stays."""

    def drop(line):
        """Take a message or an event out of its conversation, without a trace."""

    def set_hidden(message, hidden):
        """Hide *message* from all who take part, or show it again."""
