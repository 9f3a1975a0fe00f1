"""Core declares all that it stores of members: looked for in the pickles really written."""

from dataclasses import replace

import pytest

from communicate.audience import PUBLIC
from communicate.cases.interfaces import ICases
from communicate.clock import milliseconds, now
from communicate.demo import running
from communicate.factors.waits import CODES, Waits
from communicate.interfaces import (
    IAppPasswords,
    IContacts,
    IFactors,
    IGate,
    IMembers,
    INotifications,
    IPlugins,
)
from communicate.outbox.mail.smtp import RELAY
from communicate.privacy.content import Consents
from communicate.profile.interfaces import IProfiles
from communicate.reports.interfaces import IReports, ISuspensions
from communicate.testing import inventory
from communicate.testing.house import House
from communicate.testing.kit import form_with


class Full:
    """A site in which members have done everything that core lets them do."""

    def __init__(self, folder):
        self.house = House(folder, ["forums"], {})
        made = running.make(self.house.registry, 8, 3, lambda _words: None)
        self.uids = [person.uid for person in made.people]
        self.login, self.password = made.people[0].login, made.password
        self.browse()
        self.house.work(self.act)
        self.house.run_jobs()

    def browse(self):
        """Have a browser kept signed in, and a form and a lost password sent."""
        browser = self.house.browser()
        page = form_with(browser.get("/login"), "remember")
        page["login"], page["password"], page["remember"] = self.login, self.password, True
        page.submit(status=303)
        topic = form_with(browser.get("/forums/general/new"), "title")
        topic["title"], topic["body"] = "Un sujet", "Son texte"
        topic.submit("post", status=303)
        lost = form_with(self.house.browser().get("/reset"), "login")
        lost["login"] = self.login
        lost.submit(status=303)

    def act(self, request):
        """Have the first of them do what no demo does."""
        first, second, third = self.uids[:3]
        members, contacts = request.find_service(IMembers), request.find_service(IContacts)
        member = members.by_uid(first)
        request.__dict__["member"] = member
        request.__dict__["session_secret"] = "of this test"
        contacts.block(first, third)
        contacts.make_circle(first, "Potager")
        if not contacts.blocked(first, self.uids[5]):
            contacts.request(first, self.uids[5], "Nous jardinons ensemble.")
        present = milliseconds(now(request))
        request.find_service(ICases).grant(["communicate.element"], present + 3_600_000)
        request.find_service(ISuspensions).suspend(members.by_uid(third), why="Trop de bruit.")
        request.find_service(ISuspensions).appeal(members.by_uid(third), "Je regrette.")
        Waits(request).set_up(CODES, {})
        request.find_service(IFactors).set_totp(member, "GEZDGNBVGY3TQOJQ", 1)
        request.find_service(IAppPasswords).make(first, "Mon téléphone", ["sample"])
        element = request.find_service(IProfiles).add(
            members.by_uid(second), "place", {"value": "Quimper", "audience": PUBLIC}
        )
        request.find_service(IReports).report("communicate.element", element, "spam", "Regardez.")
        request.find_service(INotifications).send("communicate.policy", second, path="/privacy")
        with request.find_service(IGate).pass_(RELAY, "mail", {"address": "x"}, about=first):
            pass
        consents = request.root_map["privacy"].consents[first] = Consents()
        consents.acts = (("sample.contest", True, 1),)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    full = Full(tmp_path_factory.mktemp("full"))
    yield full
    full.house.close()


def test_core_and_forums_declare_all_that_they_hold_of_members(full):
    assert inventory.undeclared(full.house, full.uids) == []


def test_every_place_that_is_declared_exists(full):
    assert inventory.unknown(full.house) == []


class TestFaults:
    """What is forgotten, or named wrongly, is named."""

    @pytest.fixture
    def state(self, full, monkeypatch):
        """Return what makes core state other kinds of data than it does."""
        plugins = full.house.registry.getUtility(IPlugins)
        gather = plugins.gather

        def state(change):
            monkeypatch.setattr(plugins, "gather", lambda hook: change(gather(hook)))

        return state

    @pytest.mark.parametrize(
        ("kind", "fault"),
        [
            ("communicate.reports", "communicate.reports.content:Reports holds the number"),
            ("communicate.profile", "communicate.profile.content:Element holds sealed words"),
            ("communicate.consents", "communicate.privacy.content:Privacy holds the number"),
        ],
    )
    def test_a_kind_that_nobody_declares(self, full, state, kind, fault):
        state(lambda kinds: [one for one in kinds if one.kind != kind])
        assert any(one.startswith(fault) for one in inventory.undeclared(full.house, full.uids))

    @pytest.mark.parametrize(
        "name", ["communicate.absent:Thing", "communicate.content:Thing", "no_table"]
    )
    def test_a_place_that_does_not_exist(self, full, state, name):
        state(lambda kinds: [*kinds, replace(kinds[0], stored=(name,))])
        assert inventory.unknown(full.house) == [name]
