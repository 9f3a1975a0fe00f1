"""Notices by mail: what has come together since the last one, in one mail without private words.

What was read meanwhile is not in it, nor what its reader may not be told any more.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import localizer
from communicate.ids import encode
from communicate.interfaces import IMailer, IMembers
from communicate.notifications import doors, plans
from communicate.notifications.content import Inbox
from communicate.notifications.kinds import kinds_of
from communicate.notifications.rights import Judge
from communicate.notifications.services import inbox_of
from communicate.notifications.showing import sentence
from communicate.web.i18n import PluralFactory

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

MOST = 50  # notices that one mail tells of
SUBJECT = _n("${n} notice on ${site}", "${n} notices on ${site}")
TEXT = _(
    "mail-notices",
    default="Hello ${login},\n\n${notices}\n\n-- \nAll of it: ${page}\n"
    "What comes by mail, and when: ${settings}\n"
    "No more notices by mail, without signing in: ${stop}\n",
)
MORE = _("And others: ${page}")


class Told(NamedTuple):
    """One notice in a mail: what it says, and its address."""

    sentence: str
    url: str


def deliver(request: Any, payload: Mapping[str, Any]) -> None:
    """Mail what a member is to be told by now; the handler of `plans.JOB`."""
    members = request.find_service(IMembers)
    member, inbox = members.by_uid(payload["uid"]), inbox_of(request, payload["uid"])
    if member is None or inbox is None:
        return
    numbers = gather(request, inbox, member, plans.due_now(request, inbox))
    address = members.address_of(member)
    if numbers and address:
        write(request, inbox, member, address, numbers)
        for number in numbers:
            inbox.mark_mailed(number)


def gather(request: Any, inbox: Inbox, member: Any, whens: set[str]) -> list[int]:
    """Return the ids of what *member* is to be told by mail now, the oldest first."""
    kinds, judge, found = kinds_of(request.registry), Judge(request, member), []
    for number in sorted(inbox.open.values()) if whens else ():
        notice = inbox.get(number)
        kind = None if notice is None else kinds.get(notice.kind)
        if notice is None or kind is None or notice.mailed:
            continue
        if not (member.may_sign_in or kind.suspended):
            continue
        if plans.choice(inbox, kind) in whens and judge.allows(notice):
            found.append(number)
    return found


def write(request: Any, inbox: Inbox, member: Any, address: str, numbers: list[int]) -> None:
    """Queue one mail to *address* that tells *member* of those notices."""
    settings = request.registry.settings
    site, url = settings["communicate.name"], settings["communicate.url"]
    speech = localizer(request.registry, member.language)
    told = [said(request, inbox, number, speech) for number in numbers[:MOST]]
    lines = [f"{one.sentence}\n{url}{one.url}" for one in told]
    if len(numbers) > MOST:
        lines.append(speech.translate(MORE, mapping={"page": f"{url}/notices"}))
    door = f"{url}/unsubscribe?token={doors.secret_of(request, member.uid, inbox)}"
    words = {
        "login": member.login,
        "notices": "\n\n".join(lines),
        "page": f"{url}/notices",
        "settings": f"{url}/account/notices",
        "stop": door,
    }
    request.find_service(IMailer).queue(
        address,
        told[0].sentence if len(told) == 1 else subject(speech, len(numbers), site),
        speech.translate(TEXT, mapping=words),
        owner=member.uid,
        unsubscribe=door,
    )


def said(request: Any, inbox: Inbox, number: int, speech: Any) -> Told:
    """Return what a mail says of the notice with that id."""
    notice = inbox.get(number)
    assert notice is not None  # noqa: S101  # `gather` has just found it
    kind = kinds_of(request.registry)[notice.kind]
    return Told(sentence(request, kind, notice, speech), f"/notices/{encode(number)}")


def subject(speech: Any, count: int, site: str) -> str:
    """Return the subject of a mail that tells of *count* notices."""
    mapping = {"n": str(count), "site": site}
    return str(speech.pluralize(SUBJECT.one, SUBJECT.many, count, SUBJECT.domain, mapping))
