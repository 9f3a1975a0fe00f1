"""Further ways of the second step, that plugins offer as a fallback: never the first, never alone.

Such a way carries a code to where only the member should see it, and is weaker than an app or a
passkey.  It therefore counts for nothing by itself: it opens an account whose member has an app or
a passkey, has read why it is weaker, and has switched it on with the password.  It is on for what
codes went to on that day: another telephone number, and it is off until it is switched on anew.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from communicate import clock
from communicate.accounts.letters import localizer
from communicate.factors import letters
from communicate.interfaces import IFactors

if TYPE_CHECKING:
    from pyramid.config import Configurator

KEY = "communicate.second_steps"


class Unsent(Exception):
    """A code cannot be carried now; nothing was."""


class FurtherStep(Protocol):
    """What a plugin offers: how it is called, why it is weaker, and what carries a code.

    The code, how long it is good and how often it is guessed at are core's: a plugin cannot let
    anybody in.
    """

    name: str  # in addresses and in the tree: it stays
    icon: str
    title: Any  # "Code by text message"
    brief: Any  # one sentence for the overview
    offer: Any  # what a button says that has a code sent
    weaker: Sequence[Any]  # sentences: why the others are better
    needs: Any  # what a member is told who has nothing that codes go to
    setup: str  # the address where that is set up

    def offered(self, request: Any) -> bool:
        """Tell whether those who operate the site offer it."""

    def mark(self, request: Any, member: Any) -> bytes | None:
        """Return what stands for that to which codes of *member* go, as an HMAC, or None."""

    def goes(self, request: Any, member: Any) -> Any:
        """Return a sentence that says where codes go, by so little that it tells nobody else."""

    def carry(self, request: Any, member: Any, code: str, until: int) -> None:
        """Have *code*, good *until* then (ms), sent with this transaction; raise `Unsent`."""


class Row(NamedTuple):
    """One further way as its member's overview shows it."""

    way: FurtherStep
    is_on: bool
    since: int | None


class FurtherSteps:
    """The further ways of one member, for one request."""

    def __init__(self, request: Any, member: Any) -> None:
        self.request = request
        self.member = member
        self.factors: Any = request.find_service(IFactors)

    @property
    def offered(self) -> dict[str, FurtherStep]:
        """Every way that this site offers, by name."""
        known: dict[str, FurtherStep] = self.request.registry.get(KEY, {})
        return {name: way for name, way in sorted(known.items()) if way.offered(self.request)}

    @property
    def usable(self) -> dict[str, FurtherStep]:
        """Those that open this member's account, beside an app or a passkey."""
        if not self.factors.is_set(self.member.uid):
            return {}
        return {name: way for name, way in self.offered.items() if self.is_on(way)}

    @property
    def rows(self) -> list[Row]:
        """What the overview shows of the ways that this site offers."""
        return [Row(way, self.is_on(way), self.since(way)) for way in self.offered.values()]

    def since(self, way: FurtherStep) -> int | None:
        """Return since when *way* is on (ms), for whatever codes went to then; None: it is off."""
        found = self._kept().get(way.name)
        return None if found is None else found[0]

    def is_on(self, way: FurtherStep) -> bool:
        """Tell whether *way* is on, and codes go where they went when it was switched on."""
        found = self._kept().get(way.name)
        mark = way.mark(self.request, self.member)
        return found is not None and mark is not None and found[1] == mark

    def switch_on(self, way: FurtherStep) -> bool:
        """Let *way* open the account, and say so by mail; tell whether that could be."""
        mark = way.mark(self.request, self.member)
        if mark is None or not self.factors.is_set(self.member.uid):
            return False
        now = clock.milliseconds(clock.now(self.request))
        self._keep({**self._kept(), way.name: (now, mark)})
        letters.send(self.request, "further-on", self.member, way=self.titled(way))
        return True

    def switch_off(self, way: FurtherStep) -> None:
        """Let *way* open the account no more, and say so by mail."""
        kept = self._kept()
        if kept.pop(way.name, None) is not None:
            self._keep(kept)
            letters.send(self.request, "further-off", self.member, way=self.titled(way))

    def titled(self, way: FurtherStep) -> str:
        """Return the title of *way* in the language of the member."""
        translate = localizer(self.request.registry, self.member.language).translate
        return str(translate(way.title))

    def _kept(self) -> dict[str, tuple[int, bytes]]:
        held = self.factors.of(self.member.uid)
        return {} if held is None else {name: (since, mark) for name, since, mark in held.further}

    def _keep(self, kept: dict[str, tuple[int, bytes]]) -> None:
        held = self.factors.make(self.member.uid)
        held.further = tuple((name, *one) for name, one in sorted(kept.items()))
        held.sent = None


def add_second_step(config: "Configurator", way: FurtherStep) -> None:
    """Offer *way* to members who have an app or a passkey."""

    def register() -> None:
        config.registry.setdefault(KEY, {})[way.name] = way

    config.action(("second_step", way.name), register)


def includeme(config: "Configurator") -> None:
    """Offer the directive ``add_second_step``."""
    config.add_directive("add_second_step", add_second_step)
