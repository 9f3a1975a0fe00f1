"""The kit for tests of core and plugins; pytest loads it wherever ``communicate`` is installed.

The fixtures build on each other::

    house_folder ── house ──┬── app ── testapp
                            └── registry ── app_request
    make_house (any number of houses, any plugins and settings)

A *house* is a whole site on real stores in a folder of its own: see `communicate.testing.house`.
"""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from communicate.testing.house import House


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Keep compiled templates: each house would compile its own anew, half a second each.

    This comes before any conftest that loads Chameleon, which reads the variable only then.
    """
    compiled = early_config.rootpath / ".pytest_cache" / "chameleon"
    compiled.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("CHAMELEON_CACHE", str(compiled))


def pytest_configure(config: pytest.Config) -> None:
    """Let the tests of a plugin that is not installed find it: see `testing.source`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries: nobody has asked for tests of those
        from communicate.testing.source import announce

    place = announce(config.rootpath)
    if place is not None:
        config.add_cleanup(lambda: shutil.rmtree(place))


HouseMaker = Callable[..., "House"]


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[HouseMaker]:
    """Return what builds houses: ``make_house(["forums"], **settings)``; closed at the end."""
    from communicate.testing.house import House

    built: list[House] = []

    def make(
        plugins: list[str] | None = None, folder: Path | None = None, **settings: Any
    ) -> House:
        house = House(folder or tmp_path / f"house{len(built)}", plugins or [], settings)
        built.append(house)
        return house

    yield make
    for house in built:
        house.close()


@pytest.fixture
def house_plugins() -> list[str]:
    """Return the plugins of ``house``: override it in a module or a class."""
    return []


@pytest.fixture(name="house")  # the module `house` would take the function's place
def the_house(make_house: HouseMaker, house_plugins: list[str]) -> "House":
    """Return a site with ``house_plugins`` enabled."""
    return make_house(house_plugins)


@pytest.fixture
def app(house: "House") -> Any:
    """Return the WSGI application of ``house``."""
    return house.app


@pytest.fixture
def testapp(house: "House") -> Any:
    """Return a browser of a stranger at ``house``."""
    return house.browser()


@pytest.fixture
def registry(house: "House") -> Any:
    """Return the registry of ``house``."""
    return house.registry
