"""What became of a try is written down: who has the letter, who waits, and what is said of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from communicate.clock import moment, now
from communicate.outbox.gate import Leaving
from communicate.sealing import Destroyed
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter, Outcome
from communicate_email.sending import notices
from communicate_email.sending.content import Part
from communicate_email.sending.queue import Errand, Queue
from communicate_email.sending.results import Refusal, Result

LATE = timedelta(hours=4)
RESTORED = Refusal("5.3.0", "it may have left before the site was restored from a backup")
DROPPED = Refusal("5.7.0", "an operator took it out of the queue")


def settle(
    request: Any, errand: Errand, holder: str, result: Result, left: Sequence[Leaving]
) -> None:
    """Write down *result* of *errand*, and that something *left* the site.

    Who has the letter is forgotten; who will never have it, and who has waited too long, is
    forgotten with a notice to the author; the others wait.
    """
    record(left, request)
    queue = Queue(request)
    part = queue.held(errand.id, holder)
    if part is None:
        return
    waited = now(request) - moment(part.letter.queued)
    later, failed = dict(result.later), dict(result.failed)
    days: int = request.registry.settings["email.out_days"]
    if waited >= timedelta(days=days):
        expired = {to: _expired(refusal) for to, refusal in later.items()}
        failed, later = {**failed, **expired}, {}
    queue.tree.counts["sent"].change(len(result.sent))
    queue.tree.counts["failed"].change(len(failed))
    if failed:
        notices.tell(request, notices.FAILED, errand.letter, failed)
    _wait(request, queue, part, errand.letter, later, waited)


def record(left: Sequence[Leaving], request: Any) -> None:
    """Record for its author what has *left* the site."""
    for leaving in left:
        if leaving.begun:
            leaving.record(request)


def _wait(
    request: Any,
    queue: Queue,
    part: Part,
    letter: Letter,
    later: Mapping[str, Refusal],
    waited: timedelta,
) -> None:
    queue.keep(part, list(later))
    if later:
        refusal = next(iter(later.values()))
        queue.wait(part, refusal.why, refusal.said)
        if waited >= LATE and not part.told:
            part.told = True
            notices.tell(request, notices.DELAYED, letter, later)


def _expired(refusal: Refusal) -> Refusal:
    return Refusal("4.4.7", refusal.why, refusal.said, refusal.host)


def deliver_here(request: Any, errand: Errand, holder: str) -> None:
    """Put the letter of *errand*, whose domain is kept here, into mailboxes."""
    queue = Queue(request)
    part = queue.held(errand.id, holder)
    if part is None:
        return
    outcomes = request.find_service(IDelivery).deliver(errand.letter, list(errand.recipients))
    failed = {to: what for to, what in outcomes.items() if what is not Outcome.STORED}
    if failed:
        notices.undelivered_here(request, errand.letter, failed)
    queue.drop(part)


def keep_sent(request: Any, errand: Errand, holder: str, result: Result, why: str) -> None:
    """Forget who has the letter of *errand*, and nothing else, for *why* `settle` could not.

    The others wait, and are tried again.
    """
    queue = Queue(request)
    part = queue.held(errand.id, holder)
    if part is None:
        return
    queue.tree.counts["sent"].change(len(result.sent))
    waiting = [to for to in errand.recipients if to not in result.sent]
    queue.keep(part, waiting)
    if waiting:
        queue.wait(part, why, "")


def leave_to_author(request: Any, errand: Errand, holder: str) -> None:
    """Forget the part of *errand*, which may have left, with a word to its author."""
    queue = Queue(request)
    part = queue.held(errand.id, holder)
    if part is not None:
        about = dict.fromkeys(errand.recipients, RESTORED)
        queue.drop(part)  # first: what it took is room for the notice
        notices.tell(request, notices.RESTORED, errand.letter, about)


def put_off(request: Any, number: int, holder: str, why: str) -> None:
    """Let the part *number* wait because of a fault of ours: *why* names nobody.

    Its author is told as with any other letter that waits.
    """
    errand = Queue(request).open(number, holder)
    if errand is not None:
        settle(
            request, errand, holder, Result.all_later(errand.recipients, Refusal("4.3.0", why)), ()
        )


def put_off_unread(request: Any, number: int, holder: str, why: str) -> None:
    """Let the part *number*, which cannot even be read, wait."""
    queue = Queue(request)
    part = queue.held(number, holder)
    if part is not None:
        queue.wait(part, why, "")


def give_up(request: Any, part: Part) -> None:
    """Forget *part*, as an operator asks, and tell its author."""
    queue = Queue(request)
    try:
        letter, to = queue.letter(part.letter), queue.recipients(part)
    except Destroyed:
        queue.drop(part)
        return
    if not part.local:
        queue.tree.counts["failed"].change(len(to))
    notices.tell(request, notices.FAILED, letter, dict.fromkeys(to, DROPPED))
    queue.drop(part)
