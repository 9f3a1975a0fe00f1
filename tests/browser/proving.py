"""Numbers that people prove on the served site of these tests: a plain module, no test."""

from collections.abc import Callable
from typing import Any

from .texting import code_for

HOME = "/account/sms"
HERS, HIS = "+33633333333", "+33644444444"
MONTH = 30 * 86_400_000  # milliseconds


def keep(site: Any, request: Any) -> None:
    """Have a number of Farid's proven, and let one of Gaëlle's await its code."""
    from communicate.interfaces import IMembers
    from communicate_sms.books import made_book
    from communicate_sms.interfaces import INumbers
    from communicate_sms.queue import exchange_of

    numbers = request.find_service(INumbers)
    farid, gaelle = (
        request.find_service(IMembers).by_uid(site.uids[login]) for login in ("farid", "gaelle")
    )
    numbers.begin(farid, HIS)
    assert numbers.prove(farid, code_for(request, HIS))
    numbers.begin(gaelle, HERS)
    made_book(request, gaelle.uid).proving.until += MONTH  # however long all tests take
    exchange_of(request).spent.pop(farid.uid)  # he may ask for another code at once


def understood(page: Any) -> None:
    """Have a number shown as it is understood."""
    page.fill("main [name=number]", "06 12 34 56 78")
    with page.expect_navigation():
        page.click("main [name=go]")


def pages(
    shown: Any, send: Callable[..., None], name_nobody: Callable[[Any], None]
) -> dict[str, Any]:
    """Return the pages of settings about numbers by name; *shown* makes one."""
    return {
        "number-none": shown(HOME, "hugo"),
        "number": shown(HOME, "farid"),
        "number-refused": shown(f"{HOME}/number", "hugo", send, 400),
        "number-sure": shown(f"{HOME}/number", "hugo", understood),
        "number-changed": shown(f"{HOME}/number", "farid", understood),
        "number-awaits": shown(HOME, "gaelle"),
        "number-code": shown(f"{HOME}/code", "gaelle"),
        "number-choices-refused": shown(HOME, "farid", name_nobody, 400),
        "number-remove": shown(f"{HOME}/remove", "farid"),
    }
