"""What may be done in forums, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_forums")

OPEN_TOPIC = Permission("forums.open", _("Open a topic"))
REPLY = Permission("forums.reply", _("Reply in a topic"))
UNDO = Permission("forums.undo", _("Take back a deletion"))
ANSWER = Permission("forums.answer", _("Say which post answers a topic"))
REASON = Permission("forums.reason", _("Read why a moderator hid what one wrote"))
FEED = Permission("forums.feed", _("Ask for a private feed by its address"))
