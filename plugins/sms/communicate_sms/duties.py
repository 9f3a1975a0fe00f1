"""What the contract asks for: what is kept of members, and to whom it goes."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import PersonalData, Recipient
from communicate.interfaces import IAuthored, ISeals
from communicate_sms import (
    allowance,
    duties_incoming,
    duties_numbers,
    duties_texts,
    exporting,
    states,
)
from communicate_sms.books import drop_book
from communicate_sms.queue import KIND, OPERATOR, Queue

_ = TranslationStringFactory("communicate_sms")

BATCH = 200  # messages in one transaction

PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("Text messages of yours: what you wrote, and to which number (sealed)"),
        why=_("They are sent, and you see what became of them."),
        audience="private",
        retention=duties_texts.kept,
        stored=("communicate_sms.content:Message", "communicate_sms.content:Exchange"),
    ),
    *allowance.PERSONAL_DATA,
    *duties_incoming.PERSONAL_DATA,
)

RECIPIENTS = (
    Recipient(
        OPERATOR,
        _("The operator of telephones that carries text messages"),
        ("number", "text", "sender", "token"),
        _("Text messages reach telephones only through an operator."),
        {
            "number": _("the number that you write to"),
            "text": _("what you write"),
            "sender": _("the name or number that this site sends from"),
            "token": _("a random sign by which receipts find their message"),
            "message": _("to deliver a text message that you sent"),
            "code": _("to send you a code that you asked for"),
            "notice": _("to tell you about your number"),
            "announcement": _("to send you an announcement, as you consented to"),
            "test": _("to try whether messages arrive"),
            "answer": _("to answer a telephone that wrote to this site"),
        },
    ),
)


def export(member: Any, archive: Any) -> None:
    """Write what was sent for the member in no conversation, and what became of it."""
    archive.records(
        "messages",
        _records(member),
        restored=False,
        title=_("Codes, notices and tests"),
        fields={
            "to": _("To"),
            "text": _("Text"),
            "written": _("Written"),
            "state": _("What became of it"),
        },
    )
    exporting.export(member, archive)
    allowance.export(member, archive)
    duties_incoming.export(member, archive)


def _records(member: Any) -> Iterator[dict[str, Any]]:
    request = member.request
    seals, tree = request.find_service(ISeals), Queue(request).tree
    for number in request.find_service(IAuthored).items(member.uid, KIND):
        message = tree.messages[number]
        if message.__parent__ is not None or message.number is None:
            continue  # it stands in a conversation, which has documents of its own
        yield {
            "to": seals.text(message.number),
            # A code shows who has the telephone, which is not whoever has the archive.
            "text": None if message.purpose == "code" else seals.text(message.text),
            "written": moment(message.queued),
            "state": states.NAMES[message.state],
        }


def erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of the member's messages; tell whether there is more."""
    if duties_texts.erase(member, receipt):
        return True
    request = member.request
    queue = Queue(request)
    found = request.find_service(IAuthored).items(member.uid, KIND, most=BATCH)
    for number in found:
        queue.forget(queue.tree.messages[number])
    receipt.erased(KIND, len(found))
    duties_numbers.erase(member, receipt)
    allowance.erase(member, receipt)
    if duties_incoming.erase(member, receipt) or len(found) == BATCH:
        return True
    drop_book(request, member.uid)
    return False
