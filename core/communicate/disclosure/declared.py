"""What disclosures contribute to core's own duties (see `communicate.duties`)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment, now
from communicate.declarations import HealthCheck, Job, PersonalData
from communicate.disclosure import guard
from communicate.disclosure.content import Disclosures
from communicate.disclosure.services import day_of, disclosures_of, kept_for, oldest
from communicate.ids import time_of
from communicate.interfaces import IDisclosures
from communicate.storage.work import work

_ = TranslationStringFactory("communicate")

KIND = "communicate.disclosures"
BATCH = 500


def jobs() -> list[Job]:
    """Return the job that forgets what is too old."""
    return [Job("communicate.disclosures.sweep", sweep, every=timedelta(days=1))]


def personal_data() -> list[PersonalData]:
    """Return what is kept of disclosures."""
    return [
        PersonalData(
            kind=KIND,
            what=_("What left this site about you: when, to whom, which kinds of data, and why"),
            why=_("So that you can see who received what"),
            audience="private",
            retention=lambda settings: _(
                "${days} days, or until you erase your account",
                mapping={"days": kept_for(settings).days},
            ),
            stored=("communicate.disclosure.content:Disclosures",),
        )
    ]


def health() -> list[HealthCheck]:
    """Return the check of what tried to go past the gate."""
    return [HealthCheck("communicate.outgoing", _("Connections to others"), guard.problem)]


def sweep(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget what is older than the settings allow, some members at a time."""
    while work(request.registry, sweep_batch):
        continue


def sweep_batch(request: Any) -> bool:
    """Forget what some members' oldest days hold; tell whether more is to be done."""
    kept = disclosures_of(request)
    if kept is None:
        return False
    limit = day_of(now(request) - kept_for(request.registry.settings))
    pairs = list(islice(kept.days.keys(None, (limit,), excludemax=True), BATCH))
    for pair in pairs:
        kept.drop_before(pair[1], oldest(request))
        kept.days.remove(pair)
    return len(pairs) == BATCH


def erase(member: Any, receipt: Any) -> bool:
    """Forget what left about *member*: a batch of it, the newest first; tell of more."""
    kept = disclosures_of(member.request)
    records = None if kept is None else kept.by_member.get(member.uid)
    if kept is None or records is None:
        return False
    batch = list(islice(records.keys(), BATCH))
    for day in {day_of(time_of(number)) for number in batch}:
        forget_day(kept, day, member.uid)
    for number in batch:
        del records[number]
    receipt.erased(KIND, len(batch))
    if records:
        return True
    del kept.by_member[member.uid]
    return False


def forget_day(kept: Disclosures, day: int, uid: int) -> None:
    """Forget that *uid* has records of *day*, where that is known."""
    if (day, uid) in kept.days:
        kept.days.remove((day, uid))


def export(member: Any, archive: Any) -> None:
    """Write who received what about *member* into *archive*."""
    service = member.request.find_service(IDisclosures)
    archive.records(
        "received",
        rows(service, member.uid),
        restored=False,
        title=_("Who received what"),
        fields={"when": _("When"), "who": _("Who"), "what": _("What"), "why": _("Why")},
    )


def rows(service: Any, uid: int) -> Iterator[dict[str, Any]]:
    """Yield a record of each disclosure about *uid*, the newest first."""
    after = None
    while found := list(service.of(uid, after=after, most=BATCH)):
        for each in found:
            what = {"when": moment(each.when), "who": each.recipient, "what": list(each.fields)}
            yield {**what, "why": each.why}
        after = found[-1].id
