"""Text messages on the served site of these tests, in every state: a plain module, no test."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

#: What leaves is written into a file, and waits where nobody takes it.
SETTINGS = {
    "sms.ways": "un file path=sms.jsonl sender=38000",
    "sms.prices": "+33 0.045",
    "sms.number_limits": "1000/minute",
}
NUMBERS = {"chloe": "+33611111111", "denis": "+33622222222"}
OUTSIDE, BOOK = "+33612345678", "sms"
DAY = 86_400_000  # milliseconds


def code_for(request: Any, number: str) -> str:
    """Return the code that is on its way to *number*."""
    from communicate.interfaces import ISeals
    from communicate_sms.queue import Queue

    seals, each = request.find_service(ISeals), Queue(request).tree.messages.values()
    (text,) = [
        seals.text(one.text)
        for one in each
        if one.purpose == "code" and seals.text(one.number) == number
    ]
    return re.findall(r"\b\d{6}\b", text)[0]


def prove(request: Any, login: str, number: str = "") -> None:
    """Have the number of *login* proven, and open to all members."""
    from communicate.audience import MEMBERS
    from communicate.interfaces import IMembers
    from communicate_sms.books import made_book
    from communicate_sms.interfaces import INumbers

    member, numbers = (
        request.find_service(IMembers).by_login(login),
        request.find_service(INumbers),
    )
    number = number or NUMBERS[login]
    numbers.begin(member, number)
    assert numbers.prove(member, code_for(request, number))
    made_book(request, member.uid).open_to = MEMBERS


def forget_codes(request: Any) -> None:
    """Forget which codes were sent, and that they count."""
    from communicate_sms.queue import Queue

    queue = Queue(request)
    for message in list(queue.tree.messages.values()):
        queue.forget(message)
    queue.tree.spent.clear()


def later(delta: timedelta) -> str:
    """Return the moment after *delta* as a browser's picker has it."""
    return (datetime.now(UTC) + delta).strftime("%Y-%m-%dT%H:%M")


def apart(act: Callable[..., Any], *given: Any) -> Any:
    """Return what *act* does; the order of messages is that of their milliseconds."""
    time.sleep(0.002)
    return act(*given)


def keep(site: Any, request: Any) -> None:
    """Have Chloé write to Denis and to a telephone, in every state, and Denis answer."""
    from communicate_sms import states
    from communicate_sms.interfaces import ITexts
    from communicate_sms.queue import Queue
    from communicate_sms.reach import ToMember, ToNumber

    for login in NUMBERS:
        prove(request, login)
    texts, queue = request.find_service(ITexts), Queue(request)
    chloe, denis, outside = (
        site.uids["chloe"],
        ToMember(site.uids["denis"]),
        ToNumber(OUTSIDE),
    )
    present = queue.now
    said = [
        apart(texts.send, chloe, outside, text)
        for text in (
            "Bonjour, la livraison du compost est-elle toujours prévue samedi ?",
            "Le portail s’ouvre par la rue du Canal.",
            "Combien de brouettes ?",
        )
    ]
    for message, state in zip(
        said, (states.DELIVERED, states.FAILED, states.UNCERTAIN), strict=True
    ):
        message.state = state
    apart(texts.receive, chloe, outside, "Oui, vers 9 h. Prévoyez 3 brouettes !", queue.now)
    first = apart(texts.send, chloe, denis, "Tu peux fermer l’eau de la serre ? 🌱")
    first.state = states.SENT
    texts.send(chloe, denis, "Et rapporter la clé.", present + 2 * DAY)
    apart(texts.receive, chloe, denis, "Fait à midi.\nLa clé est sous le pot bleu.", queue.now)
    base = f"/members/chloe/{BOOK}"
    two, out = first.__parent__, said[0].__parent__
    waits = texts.waiting(two)[0].thing
    site.paths |= {
        "sms-talk": f"{base}/{two.__name__}",
        "sms-number": f"{base}/{out.__name__}",
        "sms-change": f"{base}/{two.__name__}/{waits.__name__}/change",
    }


def write(to: str, text: str, button: str = "send", **more: str) -> Callable[[Any], None]:
    """Return what writes a text message and presses *button*."""

    def act(page: Any) -> None:
        page.fill("main [name=to]", to)
        page.fill("main [name=text]", text)
        with page.expect_navigation():
            page.click(f"main [name={button}]")

    return act


def understood(page: Any) -> None:
    """Type a number, and what makes a message of several parts."""
    for name in ("to", "text"):
        page.fill(f"main [name={name}]", "")  # a draft
    page.locator("main [name=to]").press_sequentially("06 12 34 56 78")
    page.locator("main [name=text]").press_sequentially("Le composteur déborde : 🌱" * 4)
    page.wait_for_selector("[data-told]")


def pages(shown: Any, _send: Callable[..., None]) -> dict[str, Any]:
    """Return the pages of text messages by name; *shown* makes one."""
    new = f"/members/chloe/{BOOK}/new"
    return {
        "sms": shown(f"/members/chloe/{BOOK}", "chloe"),
        "sms-begin": shown("/texting", "elsa"),
        "sms-talk": shown("sms-talk", "chloe"),
        "sms-number": shown("sms-number", "chloe"),
        "sms-change": shown("sms-change", "chloe"),
        "sms-new": shown(new, "chloe"),
        "sms-understood": shown(new, "chloe", understood),
        "sms-checked": shown(new, "chloe", write("denis", "À demain, 9 h.", "preview")),
        "sms-refused": shown(new, "chloe", write("personne", "À demain."), 400),
        "help-sms": shown("/help/sms"),
    }
