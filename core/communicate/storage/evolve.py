"""Evolve steps: how a tree that an older version wrote becomes what this one reads.

A step is a function of a request, decorated in a module of its package's ``evolve`` package:

    @evolve_step("forums", "count_replies", after="number_topics")
    def count_replies(request): ...

Each runs in a transaction of its own and may be run again.  The names of those that are done lie
in the tree, one chain for core and one for each plugin; a disabled plugin's steps wait for it.
"""

import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from types import ModuleType
from typing import Any

from persistent.mapping import PersistentMapping

from communicate.storage.errors import BadSteps, StepsPending
from communicate.storage.work import work

log = logging.getLogger(__name__)
CORE = "communicate"


@dataclass(frozen=True)
class Step:
    """One change to the tree, by name; it follows the step *after* of its chain."""

    chain: str
    name: str
    after: str | None
    func: Callable[[Any], None]

    def __str__(self) -> str:
        return f"{self.chain}.{self.name}"


@dataclass(frozen=True)
class Chain:
    """The steps of core or of one plugin, in the order in which they run."""

    name: str
    steps: tuple[Step, ...]


def evolve_step(
    chain: str, name: str, *, after: str | None = None
) -> Callable[[Callable[[Any], None]], Step]:
    """Make the decorated function the step *name* of *chain*, to follow the step *after*."""
    return lambda func: Step(chain, name, after, func)


def chains(plugins: Mapping[str, str]) -> list[Chain]:
    """Return core's chain and one for each plugin; *plugins* maps names to packages."""
    return [read_chain(name, package) for name, package in {CORE: CORE, **plugins}.items()]


def read_chain(name: str, package: str) -> Chain:
    """Return the steps found in ``package.evolve``, ordered; raise BadSteps."""
    found: dict[str, Step] = {}
    for module in modules(f"{package}.evolve"):
        for step in vars(module).values():
            if not isinstance(step, Step):
                continue
            if step.chain != name or found.setdefault(step.name, step) is not step:
                raise BadSteps(f"{module.__name__}: {step} is there twice, or not one of {name!r}")
    return Chain(name, ordered(name, found))


def modules(package: str) -> Iterator[ModuleType]:
    """Yield *package* and the modules in it; nothing where there is no such package."""
    try:
        top = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return
    yield top
    for info in pkgutil.iter_modules(getattr(top, "__path__", ()), f"{package}."):
        yield importlib.import_module(info.name)


def ordered(chain: str, steps: Mapping[str, Step]) -> tuple[Step, ...]:
    """Return *steps* so that each follows the one that it names; raise BadSteps."""
    for step in steps.values():
        if step.after is not None and step.after not in steps:
            raise BadSteps(f"the step {step} follows {chain}.{step.after}, which does not exist")
    graph = {name: {steps[name].after} - {None} for name in sorted(steps)}
    try:
        names = TopologicalSorter(graph).static_order()
        return tuple(steps[name] for name in names if name is not None)
    except CycleError as error:
        raise BadSteps(
            f"steps of {chain} follow each other in a circle: {error.args[1]}"
        ) from error


def finished(root_map: Any, chain: str) -> tuple[str, ...]:
    """Return the names of the steps of *chain* that are done in this tree."""
    names: tuple[str, ...] = root_map.get("evolve", {}).get(chain, ())
    return names


def pending(root_map: Any, chains: Iterable[Chain]) -> list[Step]:
    """Return the steps that this tree still needs, in the order in which they run."""
    steps = (step for chain in chains for step in chain.steps)
    return [step for step in steps if step.name not in finished(root_map, step.chain)]


def stamp(root_map: Any, chains: Iterable[Chain]) -> None:
    """Mark as done all steps of the chains that this tree meets for the first time.

    What is made new is made as the newest step leaves it, so that nothing remains to be done.
    """
    known = root_map.get("evolve")
    if known is None:
        known = root_map["evolve"] = PersistentMapping()
    for chain in chains:
        if chain.name not in known:
            known[chain.name] = tuple(step.name for step in chain.steps)


def run(registry: Any, chains: Iterable[Chain], *, dry_run: bool = False) -> list[Step]:
    """Run the pending steps, each in its own transaction; return those that ran.

    With *dry_run* all of them run in one transaction, which is undone.  A step that fails ends
    the run: those before it stay done.
    """
    chains = list(chains)
    if dry_run:
        return work(registry, lambda request: rehearse(request, chains))
    steps = work(registry, lambda request: pending(request.root_map, chains))
    return [step for step in steps if work(registry, partial(take, step=step))]


def take(request: Any, step: Step) -> bool:
    """Do *step* and remember it; return False where another process has done so meanwhile."""
    done = finished(request.root_map, step.chain)
    if step.name in done:
        return False
    log.info("evolving: %s", step)
    step.func(request)
    known = request.root_map.get("evolve")
    if known is None:
        known = request.root_map["evolve"] = PersistentMapping()
    known[step.chain] = (*done, step.name)
    return True


def rehearse(request: Any, chains: Iterable[Chain]) -> list[Step]:
    """Do the pending steps in the transaction of *request*, and doom it."""
    request.tm.doom()
    return [step for step in pending(request.root_map, chains) if take(request, step)]


def check(registry: Any, chains: Iterable[Chain], *, production: bool) -> list[Step]:
    """Bring the tree up to date before it is served; in production raise StepsPending instead."""
    chains = list(chains)
    steps = work(registry, lambda request: pending(request.root_map, chains))
    if steps and production:
        names = ", ".join(map(str, steps))
        raise StepsPending(
            f"the data needs evolve steps ({names}): "
            "make a backup, run `communicate evolve`, serve again"
        )
    return run(registry, chains) if steps else []
