"""What live updates state to the hooks: see `communicate.duties`."""

import asyncio
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, PersonalData
from communicate.live.hub import MEMORY

_: Callable[..., str] = TranslationStringFactory("communicate")

KIND = "communicate.live"
PATIENCE = 5.0  # seconds


def personal_data() -> list[PersonalData]:
    """Return what is known of whose pages are open."""
    return [
        PersonalData(
            KIND,
            _(
                "Which of your sessions has a page open that waits for news, and the numbers, "
                "without a word, of what that page was told"
            ),
            _("To tell your open pages what is new, without a reload"),
            "private",
            _(
                "While the page is open, the numbers ${seconds} seconds; in memory only, nothing "
                "of it is written down",
                mapping={"seconds": round(MEMORY)},
            ),
            ("memory",),
        )
    ]


def health() -> list[HealthCheck]:
    """Return the check of the listener."""
    return [HealthCheck(KIND, _("News on open pages"), problem)]


def problem(registry: Any) -> str | None:
    """Return why open pages are not told what is new, or not all of them."""
    hub = registry.communicate_live
    if not hub.wanted:
        return None
    if not answers(hub.loop):
        return _("Open pages are not told what is new: look at the log, and start the site again.")
    if hub.most < hub.wanted:
        return _(
            "live-files",
            default="The limit of open files lets ${most} pages wait for news instead of "
            "${wanted}: raise it (LimitNOFILE), or lower communicate.live_connections.",
            mapping={"most": hub.most, "wanted": hub.wanted},
        )
    if hub.count >= hub.most:
        return _(
            "live-full",
            default="${most} pages wait for news, and no more are let in: raise "
            "communicate.live_connections.",
            mapping={"most": hub.most},
        )
    return None


def answers(loop: asyncio.AbstractEventLoop | None) -> bool:
    """Tell whether the listener's *loop* does what it is asked to do."""
    if loop is None:
        return False
    try:
        return asyncio.run_coroutine_threadsafe(asyncio.sleep(0, True), loop).result(PATIENCE)
    except (RuntimeError, TooLate):  # it has ended, or hangs
        return False
