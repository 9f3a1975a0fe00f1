"""What comes in from telephones: whole, once, and to the one member whom it is for."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat

from communicate.clock import milliseconds, now
from communicate.interfaces import ISeals
from communicate_sms import answers, holds, parts, stopping, writers
from communicate_sms.brought import Brought
from communicate_sms.content import NAME
from communicate_sms.interfaces import IAllowance, INumbers, ITexts
from communicate_sms.pieces import Table, Whole
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.spending import count
from communicate_sms.transports.passing import Incoming, Unreadable

LONGEST = 10_000  # characters of a message; what telephones send has some hundreds
SENDER = 64  # characters of who sends it
SWEEP = "sms.incoming"
EVERY = timedelta(hours=1)
BATCH = 100
LOOKED = 5000  # entries that one sweep looks through
# What is no text: `communicate.web.intake` has the same, but for what a form brings.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def take_in(request: Any, way: str, what: Incoming) -> None:
    """Keep what came by *way* for whom it is; what has come already changes nothing.

    Raise Unreadable where it is nothing that telephones send.
    """
    sender, text = _sender(request, what.sender), _cleaned(what.text)
    brought = Brought(request)
    if what.reference:
        new = brought.note(way, what.reference)
    elif what.part is not None:
        new = brought.note_for_a_day(way, sender, what.recipient, *map(str, what.part), text)
    else:
        new = True
    if not new:
        return
    if what.part is None:
        _deliver(request, Whole(sender, text))
    else:
        for whole in Table(request).add(way, sender, what.recipient, what.part, text):
            _deliver(request, whole)


def _deliver(request: Any, whole: Whole) -> None:
    """Give *whole* to the one whom it is for, or to nobody."""
    count(request, received=1)
    if not whole.sender.startswith("+"):
        return  # the name of a service: nobody can have written there
    if not _is_wish(request, whole):
        _give(request, whole)


def _is_wish(request: Any, whole: Whole) -> bool:
    """Tell whether *whole* says that nothing more is wanted, or that it is again; note that."""
    tree, key = request.site[NAME], holds.number_key(request.find_service(ISeals), whole.sender)
    if stopping.wants_none(whole.text):
        if holds.hold(tree, key, milliseconds(now(request))):
            answers.say(request, whole.sender, answers.STOPPED)
        return True
    if stopping.wants_again(whole.text) and holds.release(tree, key):
        answers.say(request, whole.sender, answers.STARTED)
        return True
    return False


def _give(request: Any, whole: Whole) -> None:
    number = whole.sender
    try:
        found = writers.meant(request, number, whole.text)
    except writers.Several:
        answers.say(request, number, answers.WHOM)
        return
    by = None if found is None else _by(request, number, knows=found.knows)
    if found is None or by is None:
        return
    came = milliseconds(now(request))
    if request.find_service(ITexts).receive(found.uid, by, whole.text, came) is not None:
        to = by.uid if isinstance(by, ToMember) else None
        request.find_service(IAllowance).answered(found.uid, number, to=to)


def _by(request: Any, number: str, *, knows: bool) -> ToNumber | ToMember | None:
    """Return as whose an answer from *number* comes, None where it can be nobody's.

    Who wrote to the number reads that it is from there, and not whose it is.  Who wrote to a
    member reads that it is from that member; if the number is that one's no more, nobody does.
    """
    if knows:
        return ToNumber(number)
    owner = request.find_service(INumbers).owner(number)
    return None if owner is None else ToMember(owner)


def _sender(request: Any, written: str) -> str:
    """Return the number that *written* means as E.164, or what is no number as it is."""
    name = _CONTROLS.sub("", written).strip()
    if not name or len(name) > SENDER:
        raise Unreadable("a sender is to have from 1 to 64 characters")
    try:
        number = phonenumbers.parse(name, request.registry.settings["sms.region"])
    except phonenumbers.NumberParseException:
        return name.lstrip("+")
    if not phonenumbers.is_possible_number(number):
        return name.lstrip("+")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _cleaned(text: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable(f"a message is to have {LONGEST} characters at most")
    return parts.tidy(_CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Let come what has waited long enough for its other parts; forget what has grown old."""
    for whole in Table(request).overdue(BATCH):
        _deliver(request, whole)
    Brought(request).sweep()
    writers.sweep(request, LOOKED)
