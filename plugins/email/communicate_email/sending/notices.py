"""What its author is told of a letter that is late or did not arrive (RFC 3464).

A notice has no return path and is put into the author's mailbox here: nothing answers it, and a
letter without a return path causes none, so that no notice is ever about a notice.
"""

import logging
import quopri
import secrets
from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import localizer
from communicate.clock import now
from communicate.ids import encode, new_id
from communicate.interfaces import IMembers
from communicate_email import mime
from communicate_email.interfaces import IAddresses, IDelivery
from communicate_email.letters import SITE, Letter, Outcome
from communicate_email.receiving.settings import host_of
from communicate_email.sending.preparing import LONGEST_HEADER, split, value
from communicate_email.sending.results import Refusal

_ = TranslationStringFactory("communicate_email")
log = logging.getLogger(__name__)

CRLF = "\r\n"
FAILED, DELAYED, RESTORED = "failed", "delayed", "restored"
SUBJECTS = {
    FAILED: _("Your message could not be delivered"),
    DELAYED: _("Your message has not arrived yet"),
    RESTORED: _("Your message may not have left"),
}
OPENINGS = {
    FAILED: _("Your message “${subject}” could not be delivered to:"),
    DELAYED: _("Your message “${subject}” has not arrived yet at:"),
    RESTORED: _(
        "This site was brought back from a backup. Your message “${subject}” was waiting to leave "
        "when that was made, and may have left since, to:"
    ),
}
CLOSINGS = {
    FAILED: _("It will not be tried again. The head of your message is attached."),
    DELAYED: _(
        "You need not do anything: it is tried for ${days} days, and you are told if it does not "
        "arrive."
    ),
    RESTORED: _(
        "So that nobody gets it twice, it is not sent again by itself. It is attached: if you get "
        "no answer, send it again."
    ),
}
SAID = _("The other machine said: ${said}")
NO_SUBJECT = _("without a subject")
WHY = {
    "5.1.1": _("Nobody has this address there. Look at how it is written."),
    "5.1.2": _("There is no such domain. Look at how the address is written."),
    "5.1.10": _("This domain takes no mail. Look at how the address is written."),
    "5.2.2": _("The mailbox there is full."),
    "5.3.4": _("The message is too large for the other side. Send what is large as a link."),
    "5.4.6": _("Mail for this domain is led in a circle. Tell whoever looks after the domain."),
    "5.6.3": _(
        "The other side takes text of seven bits only. Send the message again as "
        "quoted-printable, as most programs do by themselves."
    ),
    "5.6.7": _(
        "The other side takes only addresses and lines of the head without accents. Ask for an "
        "address without, or leave the accents out of your own."
    ),
    "5.7.0": _("Whoever looks after this site took it out of the queue."),
    "4.4.7": _("The other side could not be reached for ${days} days."),
    "": _("The other side refused it."),
    "later": _("The other side does not take it for the moment."),
}
HERE = {
    Outcome.UNKNOWN: Refusal("5.1.1", "nobody has the address"),
    Outcome.FULL: Refusal("5.2.2", "the mailbox is full"),
    Outcome.LOOP: Refusal("5.4.6", "it was here before"),
}


def undelivered_here(request: Any, letter: Letter, failed: Mapping[str, Outcome]) -> None:
    """Tell the author of *letter* who of this site did not get it."""
    tell(request, FAILED, letter, {to: HERE[outcome] for to, outcome in failed.items()})


def tell(request: Any, action: str, letter: Letter, about: Mapping[str, Refusal]) -> None:
    """Put a notice about *letter* into the mailbox of its author, in the author's language.

    *action* is FAILED or DELAYED.  Nothing happens where the letter has no return path.
    """
    to = _author(request, letter)
    if to is None:
        return
    notice = Letter(written(request, action, letter, about, to), way=SITE)
    outcome = request.find_service(IDelivery).deliver(notice, [to]).get(to)
    if outcome is not Outcome.STORED:
        log.warning("a notice about a letter could not be put into a mailbox: %s", outcome)


def _author(request: Any, letter: Letter) -> str | None:
    """Return the address here that notices about *letter* go to, or None."""
    addresses = request.find_service(IAddresses)
    if not letter.sender:
        return None
    if addresses.route(letter.sender) is not None:
        return letter.sender
    own = addresses.of(letter.author) if letter.author is not None else ()
    return own[0] if own else None


def written(
    request: Any, action: str, letter: Letter, about: Mapping[str, Refusal], to: str
) -> bytes:
    """Return the bytes of a notice."""
    member = request.find_service(IMembers).by_uid(letter.author) if letter.author else None
    speech = localizer(request.registry, member.language if member else None)
    host, moment = host_of(request.registry.settings), now(request)
    head = [
        f"Message-ID: <{encode(new_id(moment))}@{host}>",
        f"Date: {format_datetime(moment)}",
        f"From: MAILER-DAEMON@{host}",
        f"To: {to}",
        f"Subject: {Header(speech.translate(SUBJECTS[action]), 'utf-8').encode(linesep=CRLF)}",
        "Auto-Submitted: auto-replied",
        *_thread(letter.raw),
    ]
    text = _text(request, action, letter, about, speech)
    status = _status(host, DELAYED if action == DELAYED else FAILED, about)
    if action == RESTORED:
        return report(head, text, status, letter.raw, entire=True)
    return report(head, text, status, split(letter.raw)[0][:LONGEST_HEADER])


def report(
    head: list[str], text: str, status: str, original: bytes, *, entire: bool = False
) -> bytes:
    """Return a report (RFC 3462): for people, for machines, and what it is about.

    *original* is the head of that, or the *entire* message.  Where addresses are not all in ASCII,
    as RFC 6533 has it.
    """
    boundary = f"={secrets.token_hex(16)}"
    world = "" if status.isascii() and original.isascii() else "global-"
    about = "message/global-headers" if world else "text/rfc822-headers"
    if entire:
        about = "message/global" if world else "message/rfc822"
    words = quopri.encodestring(text.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    parts = [
        ("text/plain; charset=utf-8", "quoted-printable", words),
        (f"message/{world}delivery-status", "8bit" if world else "7bit", status.encode()),
        (about, "8bit" if world else "7bit", original),
    ]
    kind = f'multipart/report; report-type={world}delivery-status;\r\n boundary="{boundary}"'
    whole = [CRLF.join([*head, "MIME-Version: 1.0", f"Content-Type: {kind}", "", ""]).encode()]
    for kind_of, coded, body in parts:
        opening = f"--{boundary}\r\nContent-Type: {kind_of}\r\n"
        opening += f"Content-Transfer-Encoding: {coded}\r\n\r\n"
        whole += [opening.encode(), body, b"\r\n"]
    whole.append(f"--{boundary}--\r\n".encode())
    return b"".join(whole)


def _text(
    request: Any, action: str, letter: Letter, about: Mapping[str, Refusal], speech: Any
) -> str:
    days = request.registry.settings["email.out_days"]
    subject = _subject(letter.raw) or speech.translate(NO_SUBJECT)
    lines = [speech.translate(OPENINGS[action] % {"subject": subject}), ""]
    for address, refusal in about.items():
        words = WHY.get(refusal.status) or WHY["" if action == FAILED else "later"]
        lines.append(f"    {address}")
        if action == RESTORED:
            continue
        lines.append(f"    {speech.translate(words % {'days': days})}")
        if refusal.said:
            lines.append(f"    {speech.translate(SAID % {'said': refusal.said})}")
        lines.append("")
    lines.append(speech.translate(CLOSINGS[action] % {"days": days}))
    return "\n".join(lines) + "\n"


def _status(host: str, action: str, about: Mapping[str, Refusal]) -> str:
    """Return the part for machines: a block for the message, and one for each recipient."""
    blocks = [f"Reporting-MTA: dns; {host}\r\n"]
    for address, refusal in about.items():
        lines = [
            f"Final-Recipient: {'rfc822' if address.isascii() else 'utf-8'}; {address}",
            f"Action: {action}",
            f"Status: {refusal.status}",
        ]
        if refusal.host:
            lines.append(f"Remote-MTA: dns; {refusal.host}")
        if refusal.said:
            said = refusal.said.encode("ascii", "replace").decode()
            lines.append(f"Diagnostic-Code: smtp; {said}")
        blocks.append(CRLF.join([*lines, ""]))
    return CRLF.join(blocks)


def _subject(raw: bytes) -> str:
    octets = (value(raw, b"subject") or "").encode("utf-8", "surrogateescape")
    return mime.text(octets, longest=120)


def _thread(raw: bytes) -> list[str]:
    """Return the line by which mail programs show a notice beside what it is about."""
    found = value(raw, b"message-id") or ""
    fits = found.isascii() and found.isprintable() and 0 < len(found) < 200
    return [f"References: {found}"] if fits else []
