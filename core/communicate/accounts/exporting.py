"""What accounts write into a member's archive: no secret, nothing that would open an account."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.interfaces import IMembers, ISessions

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
ACCOUNT = {
    "login": _("Login"),
    "address": _("E-mail address"),
    "joined": _("Joined"),
    "groups": _("Groups"),
    "state": _("State"),
}
PREFERENCES = {
    "language": _("Language"),
    "zone": _("Time zone"),
    "appearance": _("Appearance"),
    "keys": _("Keyboard shortcuts"),
}
CONSENT = {"at": _("When"), "how": _("How"), "terms": _("Terms"), "policy": _("Privacy policy")}
SESSION = {
    "browser": _("Browser"),
    "system": _("System"),
    "opened": _("Opened"),
    "used": _("Last used"),
    "until": _("Until"),
}
CHOICES = ("language", "zone", "appearance", "keys", "settled")


def export(member: Any, archive: Any) -> None:
    """Write the account of *member*, what it was agreed to, and where it is open."""
    writer = Writer(member)
    archive.records(
        "account", [writer.account()], restored=False, title=_("Account"), fields=ACCOUNT
    )
    archive.records(
        "preferences", [writer.preferences()], title=_("Preferences"), fields=PREFERENCES
    )
    archive.records(
        "consent", writer.consents(), restored=False, title=_("Consents"), fields=CONSENT
    )
    archive.records(
        "session", writer.sessions(), restored=False, title=_("Sessions"), fields=SESSION
    )
    archive.records("link", writer.links(), restored=False, title=_("Links that work once"))


class Writer:
    """The records of one member's account."""

    def __init__(self, member: Any) -> None:
        self.uid, self.request, self.account_of = member.uid, member.request, member.request.member

    def account(self) -> Row:
        """Return what the account is."""
        account = self.account_of
        return {
            "login": account.login,
            "address": self.request.find_service(IMembers).address_of(account),
            "joined": moment(account.created),
            "groups": list(account.groups),
            "state": account.state,
        }

    def preferences(self) -> Row:
        """Return how the member wants pages to be."""
        return {name: getattr(self.account_of, name) for name in CHOICES}

    def consents(self) -> Iterator[Row]:
        """Yield what the member agreed to, and when."""
        for given in self.account_of.consents:
            yield {**given, "at": moment(given["at"])}

    def sessions(self) -> Iterator[Row]:
        """Yield where the account is open, and where it is kept open."""
        sessions = self.request.find_service(ISessions)
        for key, session in sessions.of(self.uid):
            yield {
                **sessions.about(session),
                "opened": moment(session.opened),
                "used": moment(sessions.last_used(key, session)),
                "until": moment(sessions.kept_until(session) or session.until),
            }

    def links(self) -> Iterator[Row]:
        """Yield what was mailed to the member and still opens something."""
        for token in self.request.root_map["accounts"].tokens.values():
            if token.uid == self.uid:
                yield {"kind": token.kind, "until": moment(token.expires)}


def bring_back(member: Any, archive: Any) -> None:
    """Give *member* the preferences in *archive*."""
    from communicate.web.i18n import LANGUAGES
    from communicate.web.preferences import APPEARANCES

    account = member.request.member
    for row in archive.records("preferences", most=1):
        account.language = archive.one_of(row.get("language"), (None, *LANGUAGES))
        account.appearance = archive.one_of(row.get("appearance"), (None, *APPEARANCES))
        account.keys = archive.one_of(row.get("keys"), (None, "off"))
        account.zone = archive.zone(row.get("zone"))
        account.settled = row.get("settled") is True
