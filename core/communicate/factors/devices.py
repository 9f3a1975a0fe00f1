"""A sign-in by hand from a kind of browser not used lately: its member is told, at once.

What is remembered are HMACs under the member's key of three words (Firefox, Linux, laptop) with a
day: enough to know them again, and nothing that anybody else could read.
"""

from typing import Any

from communicate.accounts.agents import describe
from communicate.factors import letters
from communicate.factors.content import MemberFactors
from communicate.interfaces import INotifications, ISeals

NOTICE = "accounts.device"
LABEL = "browser-kind"
LATELY = 90  # days after which a kind of browser counts as new
REFRESHED = 7  # days between two writes of the same kind
MOST = 20


def meet(request: Any, member: Any, held: MemberFactors, today: int) -> None:
    """Remember the browser of *request*, and tell *member* where its kind is a new one.

    Nothing is said about the first one ever: somebody has just joined.
    """
    about = describe(request.user_agent)
    words = "|".join((about["browser"], about["system"], about["kind"]))
    mark = request.find_service(ISeals).member_hmac(member.uid, LABEL, words.encode())[:16]
    seen = dict(held.seen)
    last = seen.get(mark)
    if seen and (last is None or today - last > LATELY):
        tell(request, member, about)
    if last is None or today - last > REFRESHED:
        seen[mark] = today
        newest = sorted(seen.items(), key=lambda entry: entry[1])[-MOST:]
        held.seen = tuple(newest)


def tell(request: Any, member: Any, about: dict[str, str]) -> None:
    """Write to *member*, and leave a notice where the site has a page for them."""
    browser = letters.in_words(request, member, about)
    letters.send(request, "device", member, browser=browser)
    try:
        notifications = request.find_service(INotifications)
    except LookupError:
        return
    notifications.send(NOTICE, member.uid, path="/account/sessions")
