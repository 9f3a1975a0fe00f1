"""What holds for every test, of core and of the plugins."""

import gc

import pytest
from hypothesis import settings

from communicate.testing.browser import chromium
from communicate.testing.haste import hasten

__all__ = ["chromium"]  # a process drives one browser, whichever tests it runs

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("communicate", settings.default, deadline=None)
settings.load_profile("communicate")

hasten()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the tests themselves and all modules, which stay.

    It walked them every few tests, a tenth of a second each time; what tests make is walked less
    often than by default, for each site that they boot makes a hundred thousand things.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note how the run ended: one that came to its end may have very few run again (`.ci/run`)."""
    cache = getattr(session.config, "cache", None)  # none with -p no:cacheprovider
    if cache is not None and not hasattr(session.config, "workerinput"):
        cache.set("communicate/ended", int(exitstatus))
