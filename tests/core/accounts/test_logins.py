from typing import Any

import pytest

from communicate.accounts import logins
from communicate.interfaces import IMembers

GOOD = ["abc", "claire.morvan", "a-b_c.d", "0x0", "a" * 30]
BAD = [
    "",
    "ab",
    "a" * 31,
    ".ab",
    "ab-",
    "a..b",
    "a._b",
    "Abc",
    "é12",
    "a b",
    "abc\n",
    "a/b",
    "a@b",
]


class TestGrammar:
    @pytest.mark.parametrize("login", GOOD)
    def test_letters_digits_and_single_marks_pass(self, login: str) -> None:
        logins.check(login)

    @pytest.mark.parametrize("login", BAD)
    def test_anything_else_is_refused_with_the_rule(self, login: str) -> None:
        with pytest.raises(logins.BadLogin, match="small letters"):
            logins.check(login)


class TestReservedNames:
    @pytest.mark.parametrize("login", ["postmaster", "abuse", "www", "root", "noreply"])
    def test_names_of_rfc_2142_and_voices_of_the_site_are_refused(self, login: str) -> None:
        with pytest.raises(logins.BadLogin, match="belongs to the site"):
            logins.check(login)

    @pytest.mark.parametrize(
        "login", ["login", "join", "account", "members", "privacy", "operate"]
    )
    def test_names_of_views_and_folders_are_refused(self, house: Any, login: str) -> None:
        assert house.work(lambda request: request.find_service(IMembers).taken(login))

    def test_names_of_services_are_refused(self, make_house: Any) -> None:
        house = make_house(["forums"])
        assert house.work(lambda request: request.find_service(IMembers).taken("forums"))
