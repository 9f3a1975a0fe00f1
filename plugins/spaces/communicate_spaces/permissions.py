"""What may be done with comments, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_spaces")

COMMENT = Permission("comments.comment", _("Comment"))
WRITE = Permission("comments.write", _("Send a comment"))
APPROVE = Permission("comments.approve", _("Let a comment be shown, or refuse it"))
UNDO = Permission("comments.undo", _("Take back a deletion"))
REASON = Permission("comments.reason", _("Read why a moderator hid what one wrote"))
