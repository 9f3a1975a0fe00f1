"""What the queue holds of members, and to whom it goes: this part's lines of the contract."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import Gateway, PersonalData, Recipient
from communicate.interfaces import IAuthored
from communicate_email.sending.content import OutLetter
from communicate_email.sending.queue import KIND, Queue
from communicate_email.sending.ways import DNS, RELAY, SERVERS

_ = TranslationStringFactory("communicate_email")

CONTENT = "communicate_email.sending.content"
BATCH = 100  # letters in one transaction


def kept(settings: Any) -> Any:
    """Return for how long a letter waits."""
    return _(
        "Until they have it, or you take it back; ${days} days where it cannot be delivered.",
        mapping={"days": settings.get("email.out_days", 5)},
    )


PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("Mail of yours that is on its way: what you wrote, and to whom (sealed)"),
        why=_("It is tried again until the other side takes it."),
        audience="private",
        retention=kept,
        stored=(f"{CONTENT}:OutLetter", f"{CONTENT}:Part", f"{CONTENT}:Outgoing"),
    ),
)

LETTER_WORDS = {
    "address": _("the addresses that you write to"),
    "sender": _("your address"),
    "message": _("what you write, with its attachments"),
    "letter": _("to deliver a message that you sent"),
}

RECIPIENTS = (
    Recipient(
        RELAY,
        _("The mail server that carries on what members write to other sites"),
        ("address", "sender", "message"),
        _("Mail reaches other sites only through servers that carry it."),
        LETTER_WORDS,
    ),
    Recipient(
        SERVERS,
        _("The mail servers of those you write to"),
        ("address", "sender", "message"),
        _("Their mail is kept there."),
        LETTER_WORDS,
    ),
    Recipient(
        DNS,
        _("The name servers that this site asks"),
        ("domain",),
        _("They say which server keeps the mail of a domain, and which may send it."),
        {
            "domain": _("the domain of those you write to, or who write to you"),
            "letter": _("to deliver a message that you sent"),
            "checks": _("to find out whether a message is from whom it says"),
        },
    ),
)


def export(member: Any, archive: Any) -> None:
    """Write what the member has on its way: to whom it still goes, and the letters themselves."""
    request = member.request
    waiting = list(_waiting(request, member.uid))
    name = archive.mbox("Outgoing", _letters(request, waiting)) if waiting else ""
    archive.records(
        "outgoing",
        (
            {"to": to, "written": moment(stored.queued), "bytes": stored.size, "mail": name}
            for stored, to in waiting
        ),
        restored=False,
        title=_("Mail on its way"),
        fields={
            "to": _("To"),
            "written": _("Written"),
            "bytes": _("Size"),
            "mail": _("File"),
        },
    )


def _waiting(request: Any, uid: int) -> Iterator[tuple[OutLetter, list[str]]]:
    """Yield the letters of *uid* that wait, each with those who have not got it yet."""
    queue = Queue(request)
    for number in request.find_service(IAuthored).items(uid, KIND):
        stored = queue.tree.letters.get(number)
        if stored is not None:
            parts = [queue.tree.parts[part] for part in stored.parts]
            yield stored, [address for part in parts for address in queue.recipients(part)]


def _letters(request: Any, waiting: Any) -> Iterator[tuple[str, Any, Iterator[bytes]]]:
    queue = Queue(request)
    for stored, _to in waiting:
        letter = queue.letter(stored)
        yield letter.sender, moment(stored.queued), iter([letter.raw])


def storage_use(member: Any) -> int:
    """Return how many bytes of the member's letters wait."""
    letters = Queue(member.request).tree.letters
    numbers = member.request.find_service(IAuthored).items(member.uid, KIND)
    return sum(letters[number].size for number in numbers if number in letters)


def erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of what the member had on its way; tell whether there is more."""
    request = member.request
    authored, queue = request.find_service(IAuthored), Queue(request)
    numbers = authored.items(member.uid, KIND, most=BATCH)
    for number in numbers:
        stored = queue.tree.letters.get(number)
        if stored is not None:
            queue.drop_letter(stored)
        authored.remove(member.uid, KIND, number)
    receipt.erased(KIND, len(numbers))
    return len(numbers) == BATCH


def gateways(settings: Any) -> list[Gateway]:
    """Return what sends, and what programs of members hand mail in to."""
    found = [Gateway("mail-out", serve_out)]
    if settings["email.submission"] or settings["email.submissions"]:
        found.append(Gateway("submission", serve_submission))
    return found


def serve_out(registry: Any) -> Any:
    """Start what sends; what it is made of is loaded only now."""
    from communicate_email.sending.runner import start

    return start(registry)


def serve_submission(registry: Any) -> Any:
    """Start what members' programs hand mail in to; what it is made of is loaded only now."""
    from communicate_email.sending.submission.gateway import start

    return start(registry)
