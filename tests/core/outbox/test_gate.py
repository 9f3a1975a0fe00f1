"""The gate: what is declared passes, and nothing else."""

import threading
from contextlib import nullcontext

import pytest

from communicate.declarations import Recipient
from communicate.disclosure.services import DisclosureService
from communicate.interfaces import IGate
from communicate.outbox.gate import Undeclared, passing
from communicate.outbox.mail.smtp import RELAY


def pass_(site, recipient, *fields, purpose="mail"):
    def go(request):
        with request.find_service(IGate).pass_(recipient, purpose, dict.fromkeys(fields, "x")):
            return passing()

    return site.work(go)


class TestPass:
    def test_declared_fields_pass_and_the_connection_is_known_to_be_through_the_gate(self, site):
        assert pass_(site, RELAY, "address", "text") == RELAY
        assert passing() is None

    def test_an_undeclared_recipient_is_refused(self, site):
        with pytest.raises(Undeclared, match="communicate_recipients"):
            pass_(site, "gazette", "address")

    def test_a_field_that_was_not_declared_is_refused_by_name(self, site):
        with pytest.raises(Undeclared, match="birthday may not leave to 'mail relay'"):
            pass_(site, RELAY, "address", "birthday")

    def test_a_plugin_declares_its_own_but_cannot_widen_cores(self, site):
        site.enable(
            "sms",
            recipients=(
                Recipient("carrier", "The carrier", ("number", "text"), "It delivers."),
                Recipient(RELAY, "The relay", ("birthday",), "It would like to know."),
            ),
        )
        assert pass_(site, "carrier", "number") == "carrier"
        with pytest.raises(Undeclared):
            pass_(site, RELAY, "birthday")

    def test_where_no_transaction_lasts_only_what_is_recorded_counts(self, site):
        def go(request):
            with request.find_service(IGate).pass_apart(RELAY, "mail", {"text": "x"}) as leaving:
                leaving.begin()
                return leaving, passing()

        leaving, through = site.work(go)
        assert (through, passing()) == (RELAY, None)
        assert site.work(lambda r: r.find_service(IGate).passed()) == {}
        site.work(leaving.record)
        assert site.work(lambda r: r.find_service(IGate).passed()) == {(RELAY, "mail"): 1}
        with pytest.raises(Undeclared, match="birthday"):
            site.work(lambda r: r.find_service(IGate).pass_apart(RELAY, "mail", {"birthday": "x"}))

    def test_only_this_thread_is_let_through(self, site):
        seen = []

        def go(request):
            with request.find_service(IGate).pass_(RELAY, "mail", {}):
                thread = threading.Thread(target=lambda: seen.append(passing()))
                thread.start()
                thread.join()

        site.work(go)
        assert seen == [None]


class TestRecord:
    """What a member is told left, and what not."""

    @staticmethod
    def go(site, *, fails=False, begins=False):
        def go(request):
            fields = {"address": "x", "text": "x"}
            with request.find_service(IGate).pass_(RELAY, "mail", fields, about=4711) as leaving:
                if begins:
                    leaving.begin()
                if fails:
                    raise RuntimeError("the line broke")

        with pytest.raises(RuntimeError) if fails else nullcontext():
            site.work(go)
        return site.work(lambda request: list(DisclosureService(request).of(4711)))

    def test_the_names_of_the_fields_are_kept_and_nothing_else(self, site):
        (seen,) = self.go(site)
        assert (seen.recipient, seen.why, seen.fields) == (RELAY, "mail", ("address", "text"))

    def test_what_broke_before_it_began_has_not_left(self, site):
        assert self.go(site, fails=True) == []

    def test_what_broke_after_it_began_has_left(self, site):
        assert len(self.go(site, fails=True, begins=True)) == 1


class TestCounters:
    def test_only_how_often_is_recorded(self, site, tmp_path):
        for _ in range(3):
            pass_(site, RELAY, "address")
        pass_(site, RELAY, "address", purpose="digest")
        counts = site.work(lambda request: request.find_service(IGate).passed())
        assert counts == {(RELAY, "mail"): 3, (RELAY, "digest"): 1}

    def test_what_was_undone_is_not_counted(self, site):
        def fail(request):
            with request.find_service(IGate).pass_(RELAY, "mail", {}):
                raise RuntimeError("the line broke")

        with pytest.raises(RuntimeError):
            site.work(fail)
        assert site.work(lambda request: request.find_service(IGate).passed()) == {}
