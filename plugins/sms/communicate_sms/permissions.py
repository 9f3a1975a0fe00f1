"""What may be done with text messages, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_sms")

BRING = Permission("sms.bring", _("Bring receipts and messages, with proof of being the operator"))
UNDO = Permission("sms.undo", _("Take back the deletion of a text message"))
