"""Members as other parts find and make them."""

from typing import Any

import pytest

from communicate.accounts.addresses import BadAddress
from communicate.accounts.consent import TERMS
from communicate.accounts.logins import BadLogin
from communicate.accounts.services import AddressTaken, LoginTaken
from communicate.interfaces import IKeyRing, IMembers
from communicate.principals import Viewer
from communicate.testing.house import House

from .conftest import PASSWORD


def ask(house: House, question: Any) -> Any:
    return house.work(lambda request: question(request.find_service(IMembers)))


class TestAdd:
    def test_the_member_is_found_by_login_number_and_address(
        self, house: House, claire: int
    ) -> None:
        assert ask(house, lambda members: members.by_login("CLAIRE").uid) == claire
        assert ask(house, lambda members: members.by_uid(claire).login) == "claire"
        assert ask(house, lambda members: members.by_address("Claire@EXAMPLE.org").uid) == claire
        assert ask(house, lambda members: members.login_of(claire)) == "claire"

    @pytest.mark.parametrize("name", ["nobody", "", "../claire", "claire\x00"])
    def test_nobody_else_is(self, house: House, claire: int, name: str) -> None:
        assert ask(house, lambda members: members.by_login(name)) is None
        assert ask(house, lambda members: members.by_address(name)) is None

    def test_the_key_is_there_before_the_member(self, house: House, claire: int) -> None:
        assert house.registry.getUtility(IKeyRing).holds(claire)

    def test_consent_counts_as_given_through_the_operator(self, house: House, claire: int) -> None:
        (consent,) = ask(house, lambda members: members.by_uid(claire).consents)
        assert (consent["how"], consent["terms"], consent["policy"]) == ("operator", TERMS, 1)

    def test_groups_make_operators(self, house: House) -> None:
        house.member("suzanne", "operators")

        def holds(request: Any) -> bool:
            member = request.find_service(IMembers).by_login("suzanne")
            return "group:operators" in Viewer(member, request.site["members"])

        assert house.work(holds)

    @pytest.mark.parametrize(
        ("login", "address", "error"),
        [
            ("claire", "new@example.org", BadLogin),
            ("Suzanne", "new@example.org", BadLogin),
            ("suzanne", "claire@example.org", AddressTaken),
            ("suzanne", "nothing", BadAddress),
        ],
    )
    def test_what_cannot_be_is_refused_and_says_why(
        self, house: House, claire: int, login: str, address: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error, match=r"\w+ \w+ \w+"):
            ask(house, lambda members: members.add(login, address, PASSWORD))

    def test_the_tree_holds_no_address_and_no_password(self, house: House, claire: int) -> None:
        raw = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        assert b"claire@example.org" not in raw
        assert PASSWORD.encode() not in raw
        assert b"$argon2id$" in raw


class TestRemove:
    def test_the_login_stays_taken_and_the_address_is_free(
        self, house: House, claire: int
    ) -> None:
        for _ in range(2):
            ask(house, lambda members: members.remove(claire))
        assert ask(house, lambda members: members.taken("claire"))
        assert ask(house, lambda members: members.by_uid(claire, closed=True)) is None
        assert ask(house, lambda members: members.by_address("claire@example.org")) is None
        ask(house, lambda members: members.add("suzanne", "claire@example.org", PASSWORD).uid)

    def test_the_name_is_kept_as_an_hmac_only(self, house: House, claire: int) -> None:
        ask(house, lambda members: members.remove(claire))
        taken = house.work(lambda request: list(request.root_map["accounts"].taken))
        assert [len(key) for key in taken] == [32]
        assert b"claire" not in taken[0]


class TestReserve:
    def test_a_name_that_is_something_elses_is_never_given_out(
        self, house: House, claire: int
    ) -> None:
        ask(house, lambda members: members.reserve(" Jardin "))
        assert ask(house, lambda members: members.taken("jardin"))
        assert ask(house, lambda members: members.by_login("jardin")) is None
        with pytest.raises(LoginTaken):
            ask(house, lambda members: members.check_login("jardin"))


class TestContacts:
    def test_each_member_begins_with_none(self, house: House, claire: int) -> None:
        other = house.member("marc")
        assert not house.work(lambda request: request.site["members"].is_contact(claire, other))

    def test_who_is_on_the_list_is_one(self, house: House, claire: int) -> None:
        other = house.member("marc")

        def add(request: Any) -> bool:
            request.find_service(IMembers).by_uid(claire).contacts.add(other)
            return bool(request.site["members"].is_contact(claire, other))

        assert house.work(add)
        assert not house.work(lambda request: request.site["members"].is_contact(other, claire))

    def test_a_circle_that_is_not_there_holds_nobody(self, house: House, claire: int) -> None:
        assert not house.work(lambda request: request.site["members"].is_in_circle(7, claire))


class TestSuspend:
    def test_a_suspended_member_can_be_let_in_again(self, house: House, claire: int) -> None:
        def states(members: Any) -> list[bool]:
            member = members.by_uid(claire)
            members.suspend(member)
            before = member.may_sign_in
            members.resume(member)
            return [before, member.may_sign_in]

        assert ask(house, states) == [False, True]
