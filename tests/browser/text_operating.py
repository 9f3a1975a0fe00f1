"""What operators see of text messages, on the served site of these tests: a plain module."""

from collections.abc import Callable
from datetime import date
from typing import Any

ABROAD = "+4915123456789"


def keep(site: Any, request: Any) -> None:
    """Have messages be in doubt, a way out of order, and days behind that cost something."""
    from communicate_sms.content import Day, WayState
    from communicate_sms.queue import Queue, exchange_of

    queue, tree = Queue(request), exchange_of(request)
    for why in ("un did not answer", "whoever sent it has ended"):
        message = queue.add(site.uids["chloe"], ABROAD, "Le tilleul penche.")
        message.way = "un"
        queue._undue(message)
        queue._doubt(message, why)
    state = tree.ways["un"] = WayState()
    state.taken, state.missed = queue.now - 3_600_000, queue.now - 60_000
    state.why, state.fault = "un did not answer", True
    today = request.page.now.toordinal() - date(1970, 1, 1).toordinal()
    for ago in range(1, 30, 3):
        day = tree.days[today - ago] = Day()
        day.hours[8], day.messages, day.parts, day.received = 45 * ago, ago, ago + 1, 2


def write(number: str) -> Callable[[Any], None]:
    """Return what writes *number* for a test message."""

    def act(page: Any) -> None:
        page.fill("main [name=number]", number)
        with page.expect_navigation():
            page.click("main [name=go]")

    return act


def pages(shown: Any, send: Callable[..., None]) -> dict[str, Any]:
    """Return the pages by name, each made by *shown*; *send* sends a form as it is."""
    base, who = "/operate/sms", "agathe"
    return {
        "operate-sms": shown(base, who),
        "operate-sms-test": shown(f"{base}/test", who),
        "operate-sms-test-sure": shown(f"{base}/test", who, write("06 12 34 56 78")),
        "operate-sms-test-refused": shown(f"{base}/test", who, write("12"), 400),
        "operate-sms-more": shown(f"{base}/more", who),
        "operate-sms-more-refused": shown(f"{base}/more", who, send, 400),
    }
