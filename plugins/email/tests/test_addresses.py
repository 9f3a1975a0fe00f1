"""Whose an address is, and who may write from it."""

import pytest

from communicate.interfaces import IMembers
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses
from communicate_email.letters import Route

DOMAIN = "tilleuls.example"


def ask(office, name, *args):
    """Return what the service says."""
    return office.do(lambda request: getattr(request.find_service(IAddresses), name)(*args))


def test_a_login_at_the_domain_is_its_member_whatever_the_case_and_the_detail(office):
    ines = office.uids["ines"]
    for address, detail in (
        (f"ines@{DOMAIN}", ""),
        (f"INES@{DOMAIN.upper()}", ""),
        (f"ines+bois@{DOMAIN}", "bois"),
        (f"ines+a+b@{DOMAIN}", "a+b"),
    ):
        assert ask(office, "route", address) == Route(ines, detail)


def test_nobody_has_what_is_no_login_or_no_address_or_elsewhere(office):
    for address in (
        f"nobody.here@{DOMAIN}",
        "ines@elsewhere.example",
        f"ines@mail.{DOMAIN}",
        f"+x@{DOMAIN}",
        f"postmaster@{DOMAIN}",
        "ines",
        "",
        f"ines@{DOMAIN}@{DOMAIN}",
        f"ines\x00@{DOMAIN}",
    ):
        assert ask(office, "route", address) is None, address


def test_domains_are_told_apart_in_any_spelling(office):
    assert ask(office, "is_local", DOMAIN.upper())
    for other in (f"mail.{DOMAIN}", "example", "", "tilleuls.example."):
        assert not ask(office, "is_local", other), other


def test_members_have_an_address_at_each_domain_the_main_one_first(fresh_office):
    office = fresh_office(**{"email.domains": "tilleul.example, münchen.example"})
    addresses = ask(office, "of", office.uids["ines"])
    assert addresses == [
        f"ines@{DOMAIN}",
        "ines@tilleul.example",
        "ines@xn--mnchen-3ya.example",
    ]
    assert all(ask(office, "route", one) == Route(office.uids["ines"]) for one in addresses)
    assert ask(office, "route", "ines@münchen.example") == Route(office.uids["ines"])


def test_one_writes_from_ones_own_addresses_only(fresh_office):
    office = fresh_office(**{"email.catch_all": "ines", "email.postmaster": "oscar"})
    ines, oscar = office.uids["ines"], office.uids["oscar"]
    assert ask(office, "may_send", ines, f"Ines+liste@{DOMAIN}")
    for other in (f"paul@{DOMAIN}", f"anything@{DOMAIN}", "ines@elsewhere.example", "ines"):
        assert not ask(office, "may_send", ines, other), other
    assert ask(office, "route", f"anything@{DOMAIN}") == Route(ines, "anything")
    assert ask(office, "route", f"Abuse@{DOMAIN}") == Route(oscar, "abuse")


def test_an_alias_is_its_members_until_it_is_closed_and_nobody_elses_ever(fresh_office):
    office = fresh_office(**{"email.aliases": 2, "email.domains": "tilleul.example"})
    ines, paul = office.uids["ines"], office.uids["paul"]
    number = office.do(
        lambda request: request.find_service(IAddresses).add_alias(ines, "Jardin").id
    )
    for address in (f"jardin@{DOMAIN}", "Jardin+haie@tilleul.example"):
        assert ask(office, "route", address).uid == ines
        assert ask(office, "may_send", ines, address)
        assert not ask(office, "may_send", paul, address)
    assert ask(office, "of", ines)[-2:] == [f"jardin@{DOMAIN}", "jardin@tilleul.example"]
    assert office.do(lambda request: request.find_service(IMembers).taken("jardin"))
    for other in ("jardin", "paul", "postmaster", "members", "x", "a..b", "é" * 5):
        with pytest.raises(Refused):
            ask(office, "add_alias", paul, other)
    assert not ask(office, "set_closed", paul, number, True)
    assert ask(office, "set_closed", ines, number, True)
    assert ask(office, "route", f"jardin@{DOMAIN}") is None
    assert f"jardin@{DOMAIN}" not in ask(office, "of", ines)
    ask(office, "add_alias", ines, "verger")
    with pytest.raises(Refused):
        ask(office, "add_alias", ines, "potager")
