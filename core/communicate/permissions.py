"""Permissions: names with a sentence, used by views and ACLs."""

from pyramid.i18n import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("communicate")


class Permission(str):
    """A permission's name; ``title`` is the sentence that people read."""

    __slots__ = ("title",)
    title: TranslationString

    def __new__(cls, name: str, title: TranslationString) -> "Permission":
        """Return the permission *name*, described by *title*."""
        permission = super().__new__(cls, name)
        permission.title = title
        return permission

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Be pickled as the name alone: a sentence, or a plugin's class, is no part of a grant."""
        return str, (str(self),)


OPEN = Permission("communicate.open", _("Open a page that is for everyone"))
MEMBER = Permission("communicate.member", _("Open a page that is for signed-in members"))
VIEW = Permission("communicate.view", _("Read"))
EDIT = Permission("communicate.edit", _("Change"))
DELETE = Permission("communicate.delete", _("Delete"))
MODERATE = Permission("communicate.moderate", _("Moderate what members or everyone may read"))
STAFF = Permission("communicate.staff", _("Use a case that was opened for oneself"))
OPERATE = Permission("communicate.operate", _("Operate the site"))
