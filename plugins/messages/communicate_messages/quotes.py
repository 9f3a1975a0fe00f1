"""What a message quotes of others in its conversation: see `communicate.writing.quotes`."""

from typing import TYPE_CHECKING

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import VIEW
from communicate.security import permits
from communicate.writing import quotes
from communicate.writing.quotes import Quoted, plain, text_of, without
from communicate_messages.content import Conversation, Message

if TYPE_CHECKING:
    from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")

__all__ = ["Quotes", "plain", "without"]


class Quotes(quotes.Quotes):
    """The quotes on one page of *conversation*: words of other conversations are never there."""

    def __init__(self, reading: "Reading", conversation: Conversation) -> None:
        super().__init__(reading.page, _("Message deleted"))
        self.reading, self.conversation = reading, conversation

    def find(self, number: int) -> Quoted | None:
        """Return the message and its text, or None where this viewer is shown nothing of it."""
        message = self.conversation.lines.get(number)
        if not isinstance(message, Message):
            return None
        if self.reading.keeps_apart(self.conversation, message):
            return None
        if not permits(self.reading.request, message, VIEW):
            return None
        html = self.reading.words.html(message)
        if html is None:
            return None
        path = f"/messages/{self.conversation.__name__}/{message.__name__}"
        return Quoted(text_of(html), path, self.reading.name_of(message.owner))
