"""People who exchange text messages: ines, paul and zoe have telephones; hugo has none."""

from datetime import timedelta
from typing import Any

from communicate.audience import MEMBERS
from communicate.interfaces import IClock, IMembers, ISeals
from communicate.principals import Viewer
from communicate.security import decide
from communicate.testing.house import House
from communicate_sms.books import made_book
from communicate_sms.content import Number, Talk
from communicate_sms.interfaces import ITexts
from communicate_sms.numbering import OWNER
from communicate_sms.queue import NUMBER, Queue
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.runner import Runner
from communicate_sms.talks import Talks
from communicate_sms.transports.passing import Outgoing

NUMBERS = {"ines": "+33611111111", "paul": "+33622222222", "zoe": "+33633333333"}
LEA, OMAR = ToNumber("+33612345678"), ToNumber("+33700000001")
SETTINGS = {
    "sms.ways": "un file path=un.jsonl sender=2communicate",
    "sms.member_parts": 10_000,
    "sms.address_messages": "100000/hour",
    **dict.fromkeys(("sms.number_limits", "sms.number_totals", "sms.prefix_totals"), "off"),
}


class Way:
    """A way that takes everything, and remembers it."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    def send(self, message: Outgoing) -> str:
        """Take *message*."""
        self.taken.append(message)
        return f"ref-{message.token}"


class People:
    """A site, those who write there, and what has left."""

    def __init__(self, folder: Any, **settings: Any) -> None:
        self.house = House(folder, ["sms"], {**SETTINGS, **settings})
        self.way = Way()
        names = (*NUMBERS, "hugo")
        self.uids = {login: self.house.member(login) for login in names}
        for login, number in NUMBERS.items():
            self.has(login, number)

    def close(self) -> None:
        """Close the site."""
        self.house.close()

    def has(self, login: str, e164: str) -> None:
        """Have *login* a proven number, to which all members may write."""
        uid = self.uids[login]

        def prove(request: Any) -> None:
            book, seals = made_book(request, uid), request.find_service(ISeals)
            key = seals.hmac(OWNER, e164.encode())
            book.number = Number(seals.seal(uid, NUMBER, e164), key, 0)
            book.open_to = MEMBERS
            Queue(request).tree.owners[key] = uid

        self.house.work(prove)

    def to(self, login: str) -> ToMember:
        """Return *login* as somebody to whom one writes."""
        return ToMember(self.uids[login])

    def do(self, act: Any) -> Any:
        """Return what *act* does with the service, committed."""
        return self.house.work(lambda request: act(request.find_service(ITexts)))

    def send(self, login: str, to: Any, text: str, at: int = 0) -> int:
        """Have *login* write; return the id of the message."""
        return int(self.do(lambda texts: texts.send(self.uids[login], to, text, at).id))

    def come(self, login: str, by: Any, text: str) -> int | None:
        """Have *text* come to *login*; return its id."""
        uid = self.uids[login]

        def come(texts: Any) -> int | None:
            found = texts.receive(uid, by, text, texts.queue.now)
            return None if found is None else int(found.id)

        found: int | None = self.do(come)
        return found

    def on(self, login: str, to: Any, act: Any) -> Any:
        """Return what *act* does with the service and the conversation of *login* with *to*."""
        uid = self.uids[login]
        return self.do(lambda texts: act(texts, texts.with_whom(uid, to)))

    def said(self, login: str, to: Any) -> list[str | None]:
        """Return what *login* reads in the conversation with *to*."""

        def look(texts: Any, talk: Any) -> list[str | None]:
            return [] if talk is None else [line.text for line in texts.lines(talk)]

        found: list[str | None] = self.on(login, to, look)
        return found

    def line(self, login: str, to: Any, number: int, act: Any) -> Any:
        """Return what *act* does with the service and the line of that id."""
        return self.on(login, to, lambda texts, talk: act(texts, talk.lines[number]))

    def unread(self, login: str) -> int:
        """Return how many messages *login* has not read."""
        return int(self.do(lambda texts: texts.unread(self.uids[login])))

    def drain(self) -> list[str]:
        """Have leave what is due; return the texts that have."""
        runner = Runner(self.house.registry, {"un": self.way}, {"un": "2communicate"}, "")
        self.way.taken.clear()
        runner.drain()
        runner.end()
        return [sent.text for sent in self.way.taken]

    def later(self, **delta: float) -> None:
        """Let time pass, and do the work that is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)
        self.house.run_jobs()

    def may(self, login: str, owner: str, number: int, permission: str) -> bool:
        """Tell whether *login* may do that with a conversation or a line of *owner*."""
        uid, whose = self.uids[login], self.uids[owner]

        def ask(request: Any) -> bool:
            member = request.find_service(IMembers).by_uid(uid)
            viewer = Viewer(member, request.site["members"])
            return bool(decide(viewer, found(Talks(request).book_of(whose), number), permission))

        return bool(self.house.work(ask))


def found(book: Any, number: int) -> Any:
    """Return the conversation or the line of that id in *book*."""
    talk: Talk
    for talk in book.talks.values():
        if talk.id == number:
            return talk
        if number in talk.lines:
            return talk.lines[number]
    raise LookupError(number)
