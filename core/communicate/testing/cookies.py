"""The cookies that a real browser holds, compared with what `/cookies` says of them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from communicate.declarations import Cookie

SLACK = 60.0  # seconds between the moment when a cookie is set and the one when it is looked at
SESSION = -1  # what Playwright says of a cookie that goes with the browser


def cookie_faults(
    held: Iterable[Mapping[str, Any]], declared: Iterable[Cookie], now: float
) -> list[str]:
    """Return what is wrong with the cookies *held*, as Playwright gives them at *now* (s).

    Each is declared, lives as long as it is declared to, and is read by no script.
    """
    known = {cookie.name: cookie for cookie in declared}
    found = []
    for cookie in held:
        name = cookie["name"]
        if name not in known:
            found.append(f"{name} is declared nowhere")
        elif wrong := life_fault(cookie["expires"] - now, cookie["expires"], known[name].life):
            found.append(f"{name} {wrong}")
        if not cookie["httpOnly"]:
            found.append(f"{name} can be read by scripts")
    return found


def life_fault(left: float, expires: float, life: timedelta | None) -> str | None:
    """Return what is wrong with a cookie that has *left* seconds to live, or None."""
    if life is None:
        return None if expires == SESSION else "outlives the browser, and is declared not to"
    if expires == SESSION:
        return f"goes with the browser, and is declared to live {life}"
    if not life.total_seconds() - SLACK <= left <= life.total_seconds() + 1:
        return f"lives {timedelta(seconds=round(left))} more, and is declared to live {life}"
    return None
