"""A whole site with one member to be erased, and a plugin that keeps notes, made for the test."""

from types import ModuleType, SimpleNamespace

import pytest

from communicate.hookspecs import hookimpl
from communicate.interfaces import IPlugins


class Notes:
    """A plugin in a module: what it erased, and how it should behave."""

    def __init__(self, name: str) -> None:
        self.module = ModuleType(name)

        @hookimpl
        def communicate_erase(member, receipt):
            return self.erase(member, receipt)

        self.module.communicate_erase = communicate_erase
        self.name = name
        self.calls: list[int] = []
        self.batches = 1
        self.error: Exception | None = None

    def erase(self, member, receipt):
        member.request.root_map[self.name] = "half"
        if self.error is not None:
            raise self.error
        self.calls.append(member.uid)
        receipt.erased(f"{self.name}.note", 2)
        self.batches -= 1
        return True if self.batches > 0 else None


@pytest.fixture
def enable(house):
    """Return what enables a made-up plugin in the running site, and remembers that it ever ran."""

    def enable(name: str) -> Notes:
        notes = Notes(name)
        manager = house.registry.getUtility(IPlugins).manager
        manager.register(notes.module, name)
        house.work(lambda request: request.root_map["evolve"].update({name: ()}))
        notes.off = lambda: manager.unregister(name=name)
        notes.on = lambda: manager.register(notes.module, name)
        return notes

    return enable


@pytest.fixture
def rose(house):
    """Return the uid of the member whom the tests erase."""
    return house.member("rose")


@pytest.fixture
def states(house):
    """Return what reads states, plugins and counts of an erasure."""

    def read(uid):
        def found(request):
            erasure = request.root_map["erasures"].by_uid[uid]
            return SimpleNamespace(
                states=dict(erasure.states),
                plugins=dict(erasure.plugins),
                counts=dict(erasure.counts),
                finished=erasure.finished,
                open=uid in request.root_map["erasures"].open,
            )

        return house.work(found)

    return read
