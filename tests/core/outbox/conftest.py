"""A small site on real stores: the clock, the tree, the key ring and the outbox, no pages."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pyramid.config import Configurator
from zope.interface import implementer

from communicate.declarations import Job
from communicate.hookspecs import hookimpl
from communicate.interfaces import IClock, IDatabase, IKeyRing, IPlugins
from communicate.outbox import content, declared
from communicate.plugins import Plugins
from communicate.sealing.keyring import open_keyring
from communicate.storage.database import open_database
from communicate.storage.work import work


@implementer(IClock)
class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


def plugin(name: str, *jobs: Job, recipients: tuple[Any, ...] = ()) -> ModuleType:
    """Return a plugin that declares *jobs* and *recipients*."""
    module = ModuleType(name)
    module.communicate_jobs = hookimpl(lambda: list(jobs))  # type: ignore[attr-defined]
    module.communicate_recipients = hookimpl(lambda: list(recipients))  # type: ignore[attr-defined]
    return module


class SmallSite:
    """The registry of a site in *folder*, and short ways to its outbox."""

    def __init__(self, folder: Path, clock: Any = None, **settings: Any) -> None:
        self.folder = folder
        self.clock = clock or MovedClock()
        config = Configurator(
            settings={
                "communicate.url": "https://tilleuls.example",
                "communicate.mail": "file",
                "communicate.mail_from": "noreply@tilleuls.example",
                "communicate.outbox": folder / "outbox",
                **settings,
            }
        )
        config.registry.registerUtility(self.clock, IClock)
        for part in ("pyramid_services", "communicate.clock", "communicate.storage"):
            config.include(part)
        config.include("communicate.sealing")
        config.include("communicate.outbox")
        config.commit()
        self.registry = config.registry
        self.database = open_database(f"file://{folder / 'Data.fs'}", folder)
        self.keyring = open_keyring(f"sqlite:///{folder / 'keyring.sqlite'}", b"m" * 32)
        self.plugins = Plugins()
        self.plugins.manager.register(
            plugin("core", *declared.jobs(), recipients=tuple(declared.recipients())),
            "communicate",
        )
        for utility, interface in (
            (self.database, IDatabase),
            (self.keyring, IKeyRing),
            (self.plugins, IPlugins),
        ):
            self.registry.registerUtility(utility, interface)
        self.work(lambda request: content.install(request.root_map))

    def work(self, func: Callable[[Any], Any]) -> Any:
        return work(self.registry, func)

    def enable(self, name: str, *jobs: Job, recipients: tuple[Any, ...] = ()) -> None:
        self.plugins.manager.register(plugin(name, *jobs, recipients=recipients), name)

    def disable(self, name: str) -> None:
        self.plugins.manager.unregister(name=name)

    def close(self) -> None:
        self.database.close()
        self.keyring.close()


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., SmallSite]]:
    made: list[SmallSite] = []

    def make(folder: Path = tmp_path, **settings: Any) -> SmallSite:
        made.append(SmallSite(folder, **settings))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(make_site: Callable[..., SmallSite]) -> SmallSite:
    return make_site()
