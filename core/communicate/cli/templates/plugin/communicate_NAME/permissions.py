"""The permission that the plugin adds."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_NAME")

WRITE = Permission("NAME.write", _("Add a line"))
