"""Bringing an archive back: into a new account, or into one that has nothing of its own yet.

One transaction does all of it: where anything in the archive is wrong, nothing was changed.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from communicate.accounts.addresses import BadAddress
from communicate.accounts.logins import BadLogin
from communicate.accounts.services import AddressTaken
from communicate.contacts.errors import Refused
from communicate.interfaces import IContacts, IMembers, IPlugins, ISeals
from communicate.mydata.exporting import as_member
from communicate.mydata.reading import ArchiveFile, BadArchive, Reading, is_here
from communicate.plugins import CORE
from communicate.profile.content import profile_of
from communicate.storage.work import work

HOOK = "communicate_import"
MOST_CONTACTS = 5000


@dataclass
class Outcome:
    """What an import did: for whom, whether the account is new, and what stays to be done."""

    login: str
    new: bool
    here: bool
    restored: dict[str, int] = field(default_factory=dict)  # records by "plugin/kind"
    left: list[str] = field(default_factory=list)  # plugins of the archive that are not on
    contacts: int = 0  # people to be asked again
    asked: int = 0


def bring_back(
    registry: Any, path: Path, login: str | None = None, *, ask: bool = False
) -> Outcome:
    """Restore the archive in the file *path*; return what that did.  Raise BadArchive.

    The account is *login*, a new one or one that is there and has nothing of its own; without it,
    a new one with the login of the archive.  With *ask*, those who were contacts are asked again,
    where the archive is of this site.
    """
    archive = ArchiveFile(path)
    try:
        return work(registry, lambda request: _bring_back(request, archive, login, ask))
    finally:
        archive.close()


def _bring_back(request: Any, archive: ArchiveFile, login: str | None, ask: bool) -> Outcome:
    here = is_here(archive.manifest, request.find_service(ISeals))
    account, new = _account(request, Reading(archive, CORE, here=here), archive.manifest, login)
    outcome = Outcome(account.login, new, here)
    member = as_member(request, account.uid, begin=False)
    plugins = request.registry.getUtility(IPlugins)
    for name in plugins.names():
        try:
            plugins.call(name, HOOK, member=member, archive=Reading(archive, name, here=here))
        except (ValueError, Refused) as error:
            said = str(getattr(error, "reason", error)).rstrip(".")
            raise BadArchive(f"{name}: {said}.") from error
    _tell(request, archive, outcome, ask, account.uid)
    return outcome


def _account(
    request: Any, core: Reading, manifest: dict[str, Any], login: str | None
) -> tuple[Any, bool]:
    """Return the account into which the archive goes, and whether it was made now."""
    members = request.find_service(IMembers)
    name = login or core.text(manifest.get("login"), 30)
    found = members.by_login(name)
    if found is not None:
        if not is_empty(request, found):
            raise BadArchive(
                f"{name} has a space or circles already: name an empty one with --login."
            )
        if login is None:  # who made the file chose the name in it
            raise BadArchive(
                f"{name} has an account here: say --login {name} where the archive is for it."
            )
        return found, False
    rows = list(core.records("account", most=1))
    address = core.text(rows[0].get("address") if rows else None, 254)
    try:
        return members.add(name, address, secrets.token_urlsafe(32)), True
    except (BadLogin, BadAddress, AddressTaken) as error:
        said = getattr(error, "reason", error)
        raise BadArchive(f"{name}: {said} Give another name with --login.") from error


def is_empty(request: Any, account: Any) -> bool:
    """Tell whether *account* has neither space nor circles."""
    profile = profile_of(account)
    filled = profile is not None and len(profile) > 0
    return not filled and not request.find_service(IContacts).circles(account.uid)


def _tell(request: Any, archive: ArchiveFile, outcome: Outcome, ask: bool, uid: int) -> None:
    """Note in *outcome* what was restored, what was not, and who may be asked again."""
    on = request.registry.getUtility(IPlugins).names()
    for document in archive.manifest["documents"]:
        plugin, kind, count = (document.get(key) for key in ("plugin", "kind", "count"))
        if document.get("restored") is not True or not isinstance(count, int):
            continue
        if plugin in on:
            outcome.restored[f"{plugin}/{kind}"] = count
        elif count and str(plugin) not in outcome.left:
            outcome.left.append(str(plugin))
    core = Reading(archive, CORE, here=outcome.here)
    for row in core.records("contact", most=MOST_CONTACTS, owned=False):
        outcome.contacts += 1
        if ask and outcome.here:
            outcome.asked += _ask(request, uid, core.text(row.get("login"), 30))


def _ask(request: Any, uid: int, login: str) -> int:
    other = request.find_service(IMembers).by_login(login)
    service = request.find_service(IContacts)
    if other is None or other.uid == uid or service.are_contacts(uid, other.uid):
        return 0
    try:
        service.request(uid, other.uid)
    except Refused:
        return 0
    return 1
