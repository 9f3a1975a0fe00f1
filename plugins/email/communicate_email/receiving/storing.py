"""What is asked of the site: whose an address is, and to keep a letter; all that waits at once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from communicate.interfaces import IQuota
from communicate.storage.work import work
from communicate_email.interfaces import IAddresses, IDelivery
from communicate_email.letters import Letter, Outcome

log = logging.getLogger(__name__)

Outcomes = Mapping[str, Outcome]


@dataclass(frozen=True)
class Found:
    """What is known of an address: whether mail for it is kept here, for whom, how much room."""

    local: bool
    uid: int | None = None
    room: int | None = None


@dataclass(frozen=True)
class Keep:
    """A letter for *recipients*; with *whole* it is kept for all of them or for nobody.

    *also* are told the request in which it is kept: what is written down with it.
    """

    letter: Letter
    recipients: tuple[str, ...]
    whole: bool
    also: tuple[Callable[[Any], None], ...] = field(default=())

    @property
    def weight(self) -> int:
        """How many octets it has."""
        return len(self.letter.raw)


class NotWhole(Exception):
    """A letter could be kept for some of its recipients only; *outcomes* says for whom."""

    def __init__(self, outcomes: Outcomes) -> None:
        super().__init__()
        self.outcomes = outcomes


class Storing:
    """The site's side, for batches that threads hand over."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry

    def find(self, addresses: Sequence[str]) -> list[Found]:
        """Return what is known of each address."""

        def look(request: Any) -> list[Found]:
            known = request.find_service(IAddresses)
            quota = request.find_service(IQuota)
            return [found(known, quota, address) for address in addresses]

        answers: list[Found] = work(self.registry, look)
        return answers

    def keep(self, batch: Sequence[Keep]) -> list[Outcomes | None]:
        """Keep each letter; return what became of it once that is durable, None where it failed.

        All go into one transaction; where one of them cannot, each into one of its own.
        """
        try:
            return list(work(self.registry, lambda request: [kept(request, k) for k in batch]))
        except NotWhole as error:
            if len(batch) == 1:
                return [error.outcomes]
        except Exception:
            if len(batch) == 1:
                log.exception("a message could not be kept: its sender is asked to try again")
                return [None]
        return [self.keep([each])[0] for each in batch]


def found(known: Any, quota: Any, address: str) -> Found:
    """Return what is known of *address*."""
    if not known.is_local(address.rpartition("@")[2]):
        return Found(False)
    route = known.route(address)
    return Found(True) if route is None else Found(True, route.uid, quota.left(route.uid))


def kept(request: Any, keep: Keep) -> Outcomes:
    """Return what became of *keep* for each recipient; raise NotWhole."""
    recipients = list(dict.fromkeys(keep.recipients))
    outcomes: Outcomes = (
        request.find_service(IDelivery).deliver(keep.letter, recipients) if recipients else {}
    )
    if keep.whole and any(outcome is not Outcome.STORED for outcome in outcomes.values()):
        raise NotWhole(outcomes)
    for tell in keep.also:
        tell(request)
    return outcomes
