"""`IConsents`: what members consent to, dated, and withdrawn as easily as given."""

from typing import Any, NamedTuple

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.declarations import Purpose
from communicate.interfaces import IPlugins
from communicate.privacy.content import ROOT, Consents, install
from communicate.privacy.interfaces import IConsents

KEY = "communicate.purposes"
MOST = 500  # acts of one member that are remembered; the last of each purpose always is


class Act(NamedTuple):
    """That a consent was given, or withdrawn."""

    purpose: str
    given: bool
    when: int


def purposes(registry: Any) -> dict[str, Purpose]:
    """Return the declared purposes by name; they are asked for once and kept with the registry."""
    found: dict[str, Purpose] | None = registry.get(KEY)
    if found is None:
        declared = registry.getUtility(IPlugins).gather("communicate_purposes")
        found = registry[KEY] = {each.name: each for each in declared}
    return found


@implementer(IConsents)
class ConsentService:
    """The consents of the site's members, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def given(self, uid: int, purpose: str) -> bool:
        """Tell whether *uid* consents now."""
        if purpose not in purposes(self.request.registry):
            return False
        return next(
            (one.given for one in reversed(self.history(uid)) if one.purpose == purpose), False
        )

    def give(self, uid: int, purpose: str) -> None:
        """Record that *uid* consents from now on; raise LookupError."""
        if purpose not in purposes(self.request.registry):
            raise LookupError(f"nobody declares the purpose {purpose!r} in communicate_purposes")
        self._act(uid, purpose, given=True)

    def withdraw(self, uid: int, purpose: str) -> None:
        """Record that *uid* consents no longer."""
        self._act(uid, purpose, given=False)

    def history(self, uid: int) -> list[Act]:
        """Return each act of *uid*, the oldest first."""
        kept = self._kept(uid)
        return [] if kept is None else [Act._make(act) for act in kept.acts]

    def forget(self, uid: int) -> int:
        """Forget every act of *uid*; return how many there were."""
        kept = self._kept(uid)
        if kept is None:
            return 0
        del self.request.root_map[ROOT].consents[uid]
        return len(kept.acts)

    def _kept(self, uid: int) -> Consents | None:
        privacy = self.request.root_map.get(ROOT)
        found: Consents | None = None if privacy is None else privacy.consents.get(uid)
        return found

    def _act(self, uid: int, purpose: str, *, given: bool) -> None:
        stands = [one.given for one in self.history(uid) if one.purpose == purpose]
        if (stands[-1] if stands else False) == given:
            return
        kept = self._kept(uid)
        if kept is None:
            install(self.request.root_map)
            kept = self.request.root_map[ROOT].consents[uid] = Consents()
        act = Act(purpose, given, milliseconds(now(self.request)))
        kept.acts = (*trimmed(kept.acts), (act.purpose, act.given, act.when))


def trimmed(acts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return *acts*, without the oldest that another of its purpose followed if there are MOST."""
    if len(acts) < MOST:
        return acts
    last = {act[0]: number for number, act in enumerate(acts)}
    oldest = next((n for n, act in enumerate(acts) if last[act[0]] != n), 0)
    return acts[:oldest] + acts[oldest + 1 :]
