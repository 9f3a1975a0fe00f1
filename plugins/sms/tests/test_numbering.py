"""A number becomes a member's by a code that only its telephone has shown."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE
from communicate.clock import at, now
from communicate.interfaces import IContacts, IErasure, IMembers, ISeals
from communicate.principals import Viewer
from communicate.testing.house import House
from communicate_sms import fading, numbers, parts
from communicate_sms.books import book_of
from communicate_sms.errors import Declined
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.reach import ToNumber

MINE, YOURS = "+33612345678", "+33698765432"
WRONG = "that is no code"


class Phones:
    """What has been sent to each telephone, and short ways to prove numbers."""

    def __init__(self, house: House) -> None:
        self.house = house

    def texts(self, number: str) -> list[str]:
        """Return what is on its way to *number*, the oldest first."""

        def found(request: Any) -> list[str]:
            opened = request.find_service(ISeals).text
            each = Queue(request).tree.messages.values()
            return [opened(one.text) for one in each if opened(one.number) == number]

        return self.house.work(found)

    def code(self, number: str) -> str:
        """Return the code that came last."""
        return re.findall(r"\b\d{6}\b", self.texts(number)[-1])[0]

    def begin(self, login: str, number: str = MINE, **later: Any) -> str:
        """Have a code sent to *number* for *login*, however many there were before."""
        self.rested(login)
        return str(self._ask(login, "begin", number, later))

    def rested(self, login: str) -> None:
        """Have *login* have asked for nothing for a day."""
        self.house.work(lambda r: exchange_of(r).spent.pop(self.member(r, login).uid, None))

    def prove(self, login: str, code: str, **later: Any) -> bool:
        """Prove by *code* that a number is the one of *login*; tell whether that has worked."""
        return bool(self._ask(login, "prove", code, later))

    def of(self, login: str) -> str | None:
        """Return the number of *login*."""
        return self.house.work(
            lambda request: request.find_service(INumbers).of(self.member(request, login).uid)
        )

    def has(self, login: str, number: str = MINE) -> None:
        """Prove that *number* is the one of *login*."""
        self.begin(login, number)
        assert self.prove(login, self.code(number))

    @staticmethod
    def member(request: Any, login: str) -> Any:
        """Return the member *login*."""
        return request.find_service(IMembers).by_login(login)

    def _ask(self, login: str, what: str, given: str, later: Any) -> Any:
        def ask(request: Any) -> Any:
            with at(request, now(request) + timedelta(**later)):
                service = request.find_service(INumbers)
                return getattr(service, what)(self.member(request, login), given)

        return self.house.work(ask)


@pytest.fixture
def phones(house: House) -> Iterator[Phones]:
    """Yield telephones that belong to nobody yet."""
    logins = ("agathe", "bruno")
    for login in logins:
        if house.work(lambda r, login=login: Phones.member(r, login)) is None:
            house.member(login)
    yield Phones(house)

    def clear(request: Any) -> None:
        for login in logins:
            member = Phones.member(request, login)
            member.language = None
            request.find_service(INumbers).remove(member)
            book = book_of(request, member.uid)
            if book is not None:
                book.open_to = PRIVATE

    house.work(clear)


class TestACode:
    def test_makes_the_number_the_members(self, phones: Phones) -> None:
        assert phones.begin("agathe", "06 12 34 56 78") == MINE
        assert phones.of("agathe") is None
        assert phones.prove("agathe", phones.code(MINE))
        assert phones.of("agathe") == MINE
        assert phones.house.work(lambda r: r.find_service(INumbers).owner(MINE)) is not None

    def test_works_once(self, phones: Phones) -> None:
        phones.has("agathe")
        assert not phones.prove("agathe", phones.code(MINE))

    def test_is_good_for_ten_minutes(self, phones: Phones) -> None:
        phones.begin("agathe")
        assert not phones.prove("agathe", phones.code(MINE), minutes=10)
        assert phones.prove("agathe", phones.code(MINE), minutes=9)

    def test_may_be_guessed_five_times(self, phones: Phones) -> None:
        phones.begin("agathe")
        right = phones.code(MINE)
        for number in range(5):
            assert not phones.prove("agathe", f"{(int(right) + number + 1) % 10**6:06}")
        assert not phones.prove("agathe", right)

    def test_is_void_once_there_is_a_new_one(self, phones: Phones) -> None:
        phones.begin("agathe")
        old = phones.code(MINE)
        phones.begin("agathe", YOURS)
        assert phones.texts(MINE) == []  # it waited, and is not sent any more
        new = phones.code(YOURS)
        assert old == new or not phones.prove("agathe", old)
        assert phones.prove("agathe", new)
        assert phones.of("agathe") == YOURS

    def test_is_another_members_alone(self, phones: Phones) -> None:
        phones.begin("agathe")
        phones.begin("bruno", YOURS)
        code = phones.code(MINE)
        assert code == phones.code(YOURS) or not phones.prove("bruno", code)

    def test_is_read_with_blanks_and_in_other_digits(self, phones: Phones) -> None:
        phones.begin("agathe")
        code = phones.code(MINE)
        written = " ".join(chr(0x0660 + int(one)) for one in code)
        assert phones.prove("agathe", written)

    def test_is_not_asked_for_without_end(self, phones: Phones) -> None:
        def ask(request: Any) -> None:
            request.find_service(INumbers).begin(Phones.member(request, "agathe"), MINE)

        phones.begin("agathe")
        with pytest.raises(Declined):
            phones.house.work(ask)
        assert len(phones.texts(MINE)) == 1

    def test_fits_into_one_message(self, phones: Phones) -> None:
        for language in ("fr", "en"):
            phones.house.work(
                lambda r, to=language: setattr(Phones.member(r, "agathe"), "language", to)
            )
            phones.begin("agathe")
            split = parts.split(phones.texts(MINE)[-1])
            assert (split.alphabet, len(split.parts)) == (parts.GSM7, 1)


class TestANumberOfAnotherMember:
    def test_stays_that_members_and_nobody_is_told(self, phones: Phones) -> None:
        phones.has("agathe")
        before = len(phones.texts(MINE))
        assert phones.begin("bruno") == MINE  # as with any other number
        assert len(phones.texts(MINE)) == before + 1
        assert not phones.prove("bruno", phones.code(MINE))  # as with any wrong code
        assert phones.of("agathe") == MINE
        assert phones.of("bruno") is None

    def test_is_given_back_with_its_removal(self, phones: Phones) -> None:
        phones.has("agathe")
        phones.house.work(lambda r: r.find_service(INumbers).remove(Phones.member(r, "agathe")))
        assert phones.of("agathe") is None
        phones.has("bruno")
        assert phones.of("bruno") == MINE


def test_the_old_number_is_told(phones: Phones) -> None:
    phones.has("agathe")
    phones.has("agathe", YOURS)
    assert "plus à aucun compte" in phones.texts(MINE)[-1]
    assert phones.of("agathe") == YOURS
    phones.has("bruno", MINE)


def test_ones_own_number_is_not_proven_again(phones: Phones) -> None:
    phones.has("agathe")
    with pytest.raises(numbers.Unfit):
        phones.begin("agathe")


class TestWhoMay:
    def see(self, house: House, login: str | None, shown_to: Any) -> str | None:
        def seen(request: Any) -> str | None:
            service = request.find_service(INumbers)
            owner = Phones.member(request, "agathe")
            service.choose(owner, shown_to=shown_to, open_to=PRIVATE)
            member = None if login is None else Phones.member(request, login)
            viewer = Viewer(member, request.site["members"])
            return service.visible(viewer, owner.uid)  # type: ignore[no-any-return]

        return house.work(seen)

    def test_see_the_number(self, phones: Phones) -> None:
        phones.has("agathe")
        house = phones.house
        assert self.see(house, "agathe", PRIVATE) == MINE
        assert self.see(house, "bruno", PRIVATE) is None
        assert self.see(house, "bruno", CONTACTS) is None
        assert self.see(house, "bruno", MEMBERS) == MINE
        assert self.see(house, None, MEMBERS) is None

    def test_write_to_it(self, phones: Phones) -> None:
        phones.has("agathe")

        def may(request: Any, open_to: Any = PRIVATE) -> bool:
            service = request.find_service(INumbers)
            to = Phones.member(request, "agathe")
            service.choose(to, shown_to=PRIVATE, open_to=open_to)
            return bool(service.may_text(Phones.member(request, "bruno").uid, to.uid))

        def block(request: Any, verb: str) -> None:
            uids = [Phones.member(request, login).uid for login in ("agathe", "bruno")]
            getattr(request.find_service(IContacts), verb)(*uids)

        work = phones.house.work
        assert not work(may)
        assert work(lambda request: may(request, MEMBERS))
        work(lambda request: block(request, "block"))
        assert not work(lambda request: may(request, MEMBERS))
        work(lambda request: block(request, "unblock"))


def test_a_block_of_ones_own_does_not_tell_whose_a_number_is(phones: Phones) -> None:
    """Who blocks people one after the other sees no difference at the number of one of them."""
    phones.has("agathe")
    phones.has("bruno", YOURS)

    def act(request: Any, what: str) -> Any:
        one, other = (Phones.member(request, login).uid for login in ("bruno", "agathe"))
        texts, contacts = request.find_service(ITexts), request.find_service(IContacts)
        if what == "write":
            return texts.send(one, ToNumber(MINE), "Bonjour").id
        if what == "read":
            return texts.receive(one, ToNumber(MINE), "Oui", 1)
        return getattr(contacts, what)(one, other)

    work = phones.house.work
    work(lambda request: act(request, "block"))
    try:
        assert work(lambda request: act(request, "write"))
        assert work(lambda request: act(request, "read")) is not None
    finally:
        work(lambda request: act(request, "unblock"))


def test_codes_are_forgotten(phones: Phones) -> None:
    phones.begin("agathe")

    def faded(request: Any, **later: Any) -> int:
        with at(request, now(request) + timedelta(**later)):
            return fading.fade(request)

    work = phones.house.work
    assert work(faded) == 0
    assert work(lambda request: faded(request, minutes=11)) == 1
    assert phones.texts(MINE) == []


def test_an_erased_members_number_is_nobodys(phones: Phones) -> None:
    house = phones.house
    house.member("chloe")
    phones.has("chloe")
    uid = house.work(lambda request: Phones.member(request, "chloe").uid)
    house.work(lambda request: request.find_service(IErasure).start(uid))
    while house.run_jobs():
        continue
    left = house.work(
        lambda r: (uid in exchange_of(r).books, uid in exchange_of(r).owners.values())
    )
    assert left == (False, False)
    phones.has("agathe")
