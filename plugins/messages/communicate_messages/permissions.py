"""What may be done in conversations, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_messages")

SAY = Permission("messages.say", _("Write in a conversation"))
TAKE_PART = Permission("messages.take_part", _("Change what a conversation is to oneself"))
SHAPE = Permission("messages.shape", _("Add people, rename, propose how long messages are kept"))
UNDO = Permission("messages.undo", _("Take back the deletion of a message"))
