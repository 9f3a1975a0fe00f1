"""The versions of the policy: a new one whenever the site says something else than before.

They are compared when the site starts, with its plugins and settings as they are then.  Members
who agreed to an older one are asked to read a change of purpose or recipient: by a line on their
pages and a notice, never by a block.
"""

from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.consent import consent
from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, INotifications, IOutbox
from communicate.privacy import snapshot
from communicate.privacy.content import ROOT, Privacy, Version, install
from communicate.privacy.differences import asks
from communicate.storage.work import work

_ = TranslationStringFactory("communicate")

JOB = NOTICE = "communicate.policy"
PATH = "/privacy/changes"
BATCH = 200  # members told in one transaction


class Present(NamedTuple):
    """The number of the present version, since when, and the last that members are to read."""

    number: int = 0
    since: int = 0
    asks: int = 0


def record(registry: Any) -> None:
    """Keep what the site of *registry* says as a new version, where it is not said yet."""
    pieces = snapshot.pieces(registry)
    registry.communicate_policy = work(registry, partial(keep, pieces))


def keep(pieces: dict[str, Any], request: Any) -> Present:
    """Return the present version, made where *pieces* differ from the last one."""
    install(request.root_map)
    privacy: Privacy = request.root_map[ROOT]
    last = newest(privacy)
    if last is None or not snapshot.same(last.pieces, pieces):
        asked = last is not None and asks(last.pieces, pieces)
        number = privacy.versions.maxKey() + 1 if last is not None else 1
        privacy.versions[number] = Version(milliseconds(now(request)), pieces, asked)
        if asked:
            request.find_service(IOutbox).add(JOB, {"number": number, "after": 0})
    return present_in(privacy)


def newest(privacy: Privacy) -> Version | None:
    """Return the last version, None where there is none."""
    found: Version | None = (
        privacy.versions[privacy.versions.maxKey()] if privacy.versions else None
    )
    return found


def present_in(privacy: Privacy) -> Present:
    """Return the present version of *privacy*, which has one."""
    number = privacy.versions.maxKey()
    asked = [n for n, version in privacy.versions.items() if version.asks]
    return Present(number, privacy.versions[number].since, asked[-1] if asked else 0)


def present(registry: Any) -> Present:
    """Return the present version, as it was found when the site started."""
    found: Present = getattr(registry, "communicate_policy", None) or Present()
    return found


def agreed(member: Any) -> int:
    """Return the version that *member* agreed to, or has said to have read."""
    return max((int(one["policy"]) for one in member.consents), default=0)


def is_asked(registry: Any, member: Any) -> bool:
    """Tell whether *member* is asked to read what is different."""
    return agreed(member) < present(registry).asks


def acknowledge(request: Any, member: Any) -> None:
    """Remember that *member* has read the present version."""
    if agreed(member) < present(request.registry).number:
        moment = milliseconds(now(request))
        member.consents = (*member.consents, consent("read", moment, request.registry))


def tell(request: Any, payload: Any) -> None:
    """Send the notice to a batch of members, and see to the next batch."""
    members = request.find_service(IMembers)
    uids = list(islice(members.members.logins.keys(payload["after"], excludemin=True), BATCH))
    for uid in uids:
        member = members.by_uid(uid)
        if member is not None and agreed(member) < payload["number"]:
            request.find_service(INotifications).send(NOTICE, uid, path=PATH)
    if len(uids) == BATCH:
        request.find_service(IOutbox).add(JOB, {**payload, "after": uids[-1]})
