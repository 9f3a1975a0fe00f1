"""What may be done in forums, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_forums")

OPEN_TOPIC = Permission("forums.open", _("Open a topic"))
REPLY = Permission("forums.reply", _("Reply in a topic"))
UNDO = Permission("forums.undo", _("Take back a deletion"))
