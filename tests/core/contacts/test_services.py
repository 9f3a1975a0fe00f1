"""Requests, contacts and blocks: what each side sees, and what holds at the next request."""

import pytest

from communicate.audience import CONTACTS, MEMBERS
from communicate.contacts import services
from communicate.contacts.errors import Refused
from communicate.content import Content
from communicate.interfaces import IContacts, INotifications


class TestRequest:
    def test_it_waits_with_its_note_until_it_is_accepted(self, people):
        people.do("request", "ines", "paul", note="Du potager")
        [asked] = people.do("received", "paul")
        assert (asked.sender, asked.note) == (people["ines"], "Du potager")
        assert people.do("state", "ines", "paul") == "sent"
        assert people.do("state", "paul", "ines") == "received"
        assert people.do("waiting", "paul") == 1
        people.do("accept", "paul", "ines")
        assert people.do("are_contacts", "ines", "paul")
        assert people.do("are_contacts", "paul", "ines")
        assert people.do("received", "paul") == people.do("sent", "ines") == []
        assert people.do("count", "ines") == people.do("count", "paul") == 1
        assert people.do("waiting", "paul") == 0

    def test_to_who_has_asked_already_it_accepts(self, people):
        people.do("request", "ines", "paul")
        people.do("request", "paul", "ines")
        assert people.do("state", "ines", "paul") == "contact"
        assert people.do("sent", "ines") == people.do("sent", "paul") == []

    def test_declined_it_looks_as_before_to_who_asked(self, people):
        people.do("request", "ines", "paul")
        people.do("decline", "paul", "ines")
        assert people.do("state", "ines", "paul") == "sent"
        assert people.do("received", "paul") == []
        people.do("request", "ines", "paul", note="Encore")
        assert people.do("received", "paul") == []
        people.do("reconsider", "paul", "ines")
        assert people.do("waiting", "paul") == 1

    def test_withdrawn_it_is_gone_on_both_sides(self, people):
        people.do("request", "ines", "paul")
        people.do("withdraw", "ines", "paul")
        assert people.do("received", "paul") == people.do("sent", "ines") == []
        with pytest.raises(Refused):
            people.do("accept", "paul", "ines")

    def test_what_makes_no_sense_is_refused(self, people, monkeypatch):
        monkeypatch.setattr(services, "MOST_SENT", 1)
        with pytest.raises(Refused):
            people.do("request", "ines", "ines")
        with pytest.raises(Refused):
            people.do("request", "ines", 5)
        with pytest.raises(Refused, match="limit"):
            people.do("request", "ines", "paul", note="x" * 501)
        people.do("request", "ines", "paul")
        with pytest.raises(Refused, match="Too many"):
            people.do("request", "ines", "lea")
        for verb in ("accept", "decline", "reconsider", "withdraw"):
            with pytest.raises(Refused):
                people.do(verb, "lea", "paul")

    def test_notices_go_to_who_is_asked_and_to_who_asked(self, people, house):
        told = []
        ines, paul = people["ines"], people["paul"]

        class Notifications:
            def send(self, kind, to, **more):
                told.append((kind, to, more["by"]))

        def ask(request):
            request.found_services[INotifications, ""] = Notifications()
            service = request.find_service(IContacts)
            service.request(ines, paul)
            service.accept(paul, ines)

        house.work(ask)
        assert told == [("contacts.request", paul, ines), ("contacts.accepted", ines, paul)]


class TestContact:
    def test_opens_what_is_for_contacts_and_removed_closes_it(self, people):
        people.meet("ines", "paul")
        name = people.note("ines", CONTACTS)
        assert people.reads("paul", "ines", name)
        assert people.finds("paul") == 1
        assert not people.reads("lea", "ines", name)
        people.do("remove", "paul", "ines")  # by the one who reads: it ends on both sides
        assert not people.reads("paul", "ines", name)
        assert people.finds("paul") == 0
        assert people.do("count", "ines") == people.do("count", "paul") == 0

    def test_restored_it_is_as_before_unless_one_has_blocked(self, people):
        people.meet("ines", "paul")
        people.do("remove", "ines", "paul")
        people.do("restore", "ines", "paul")
        assert people.do("are_contacts", "paul", "ines")
        people.do("block", "paul", "ines")
        with pytest.raises(Refused):
            people.do("restore", "ines", "paul")


class TestBlock:
    @pytest.fixture
    def space(self, people, monkeypatch):
        """Return a thing of Inès for members that is closed to blocked people."""
        monkeypatch.setattr(Content, "closed_to_blocked", True)
        return people.note("ines", MEMBERS)

    def test_closes_what_the_class_says_and_opens_it_again(self, people, space):
        assert people.reads("paul", "ines", space)
        people.do("block", "ines", "paul")
        assert not people.reads("paul", "ines", space)
        assert people.reads("lea", "ines", space)
        assert people.reads("ines", "ines", space)
        people.do("unblock", "ines", "paul")
        assert people.reads("paul", "ines", space)

    def test_the_catalog_hides_both_from_each_other(self, people):
        people.note("ines", MEMBERS)
        people.note("paul", MEMBERS)
        people.do("block", "ines", "paul")
        assert people.finds("paul") == people.finds("ines") == 0
        assert people.finds("lea") == 2
        people.do("unblock", "ines", "paul")
        assert people.finds("paul") == people.finds("ines") == 1

    def test_ends_contact_circles_and_requests(self, people):
        people.meet("ines", "paul")
        number = people.circle("ines", "Potager", "paul")
        people.do("block", "ines", "paul")
        assert people.do("state", "ines", "paul") == "blocked"
        assert people.do("state", "paul", "ines") == "none"  # who is blocked is not told
        assert list(people.do("circle", "ines", number).members) == []
        people.do("unblock", "ines", "paul")
        assert people.do("state", "ines", "paul") == "none"

    def test_a_request_comes_to_nobody_and_looks_as_if_it_waited(self, people):
        people.do("block", "ines", "paul")
        people.do("request", "paul", "ines", note="Bonjour")
        assert people.do("state", "paul", "ines") == "sent"
        assert people.do("received", "ines") == []
        with pytest.raises(Refused, match="blocked"):
            people.do("request", "ines", "paul")
        people.do("unblock", "ines", "paul")
        assert people.do("state", "paul", "ines") == "none"

    def test_is_known_in_both_directions_to_who_asks_for_both(self, people):
        people.do("block", "ines", "paul")
        assert people.do("blocked", "ines", "paul")
        assert people.do("blocked", "paul", "ines")
        assert people.do("has_blocked", "ines", "paul")
        assert not people.do("has_blocked", "paul", "ines")
        assert people.do("blocks", "ines") == [people["paul"]]
        assert not people.do("blocked", "ines", "lea")

    def test_of_oneself_is_refused(self, people):
        with pytest.raises(Refused):
            people.do("block", "ines", "ines")
