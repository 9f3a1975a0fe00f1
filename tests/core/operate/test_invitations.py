"""Operators invite, see who is invited, and take it back."""

import re
from datetime import timedelta

import pytest

from communicate.accounts.joining import invite
from communicate.accounts.tokens import Tokens
from communicate.clock import SystemClock
from communicate.interfaces import IClock
from communicate.operate.views import invitations

ROUTE = "/operate/invitations"


def addresses(page):
    return [row.get_text(strip=True) for row in page.html.select("main .rows strong")]


def link(house):
    house.run_jobs()
    return re.search(r"(/join\?invitation=3D|/join\?invitation=)([\w-]+)", house.letters()[0])


@pytest.fixture
def invited(house):
    house.work(lambda request: invite(request, "ines@example.org"))


class TestInviting:
    def test_a_mail_goes_out_and_the_invitation_is_listed(self, house, claire):
        form = claire.get(ROUTE).forms["invite"]
        form["email"] = "Ines@Example.org"
        page = form.submit().follow()
        assert addresses(page) == ["Ines@example.org"]
        assert link(house)

    def test_what_is_no_address_is_said_beside_the_field(self, claire):
        form = claire.get(ROUTE).forms["invite"]
        form["email"] = "nobody"
        assert "Écrivez l’adresse entière" in form.submit(status=400)

    def test_a_used_one_and_one_that_has_ended_are_not_listed(self, house, claire, invited):
        secret = link(house).group(2)
        house.work(lambda request: invite(request, "paul@example.org"))
        house.work(lambda request: Tokens(request).use("invitation", secret))
        assert addresses(claire.get(ROUTE)) == ["paul@example.org"]
        house.registry.registerUtility(SystemClock(timedelta(days=14, minutes=1)), IClock)
        assert house.work(lambda request: list(Tokens(request).invitations())) == []

    def test_the_list_has_pages(self, house, claire, monkeypatch):
        monkeypatch.setattr(invitations, "PAGE", 2)
        for name in ("a", "b", "c"):
            house.work(lambda request, name=name: invite(request, f"{name}@example.org"))
        first = claire.get(ROUTE)
        rest = claire.get(first.html.select_one("a[rel=next]")["href"])
        assert addresses(first) + addresses(rest) == [f"{n}@example.org" for n in "abc"]
        claire.get(f"{ROUTE}?after=nonsense", status=400)


class TestTakingBack:
    def test_the_link_opens_nothing_afterwards(self, house, claire, invited):
        secret = link(house).group(2)
        page = claire.get(ROUTE)
        next(f for f in page.forms.values() if "revoke" in f.fields).submit("revoke")
        assert addresses(claire.get(ROUTE)) == []
        with pytest.raises(ValueError, match="invitation link is wrong"):
            house.work(lambda request: Tokens(request).use("invitation", secret))

    def test_no_other_link_can_be_taken_back_so(self, house, claire):
        house.work(lambda request: Tokens(request).make("reset", {}))
        key = house.work(lambda request: next(iter(request.root_map["accounts"].tokens)))
        assert not house.work(lambda request: Tokens(request).revoke_invitation(key))

    def test_a_site_that_kept_no_list_finds_its_invitations(self, house, claire, invited):
        def older(request):
            request.root_map["accounts"].invitations = None

        house.work(older)
        assert addresses(claire.get(ROUTE)) == ["ines@example.org"]
