"""Beginning an erasure: hidden at once with its transaction, ledger first; the receipt's page."""

import re
import shutil

import pytest

from communicate.erasure import steps
from communicate.erasure.ledger import Ledger, LedgerUnusable
from communicate.erasure.services import ErasureService, NoSuchAccount
from communicate.interfaces import (
    IErasure,
    IKeyRing,
    IMembers,
    ISeals,
)
from communicate.outbox.runner import run_due
from communicate.sealing import Destroyed
from communicate.testing.house import PASSWORD

MARKER = "marqueur-effacement-71c4"


def start(house, uid):
    return house.work(lambda request: request.find_service(IErasure).start(uid))


def ledger(house):
    return Ledger(house.registry.settings["communicate.ledger_file"])


def note(house, uid, text=MARKER):
    """Store a sealed text of *uid* in the tree."""

    def store(request):
        request.root_map["note"] = request.find_service(ISeals).seal(uid, "note", text)

    house.work(store)


def read_note(request):
    return request.find_service(ISeals).text(request.root_map["note"])


class TestStart:
    def test_the_account_is_closed_and_everything_reads_as_deleted_with_its_transaction(
        self, house, rose
    ):
        note(house, rose)
        browser = house.browser("rose")
        start(house, rose)
        assert house.work(read_note) is None
        assert house.work(lambda request: request.find_service(IKeyRing).holds(rose)) is True
        members = house.work(
            lambda request: [
                request.find_service(IMembers).by_login("rose"),
                request.find_service(IMembers).by_uid(rose),
                request.find_service(IMembers).by_address("rose@example.org"),
                request.find_service(IMembers).login_of(rose),
            ]
        )
        assert members == [None] * 4
        assert not re.search(r"\brose\b", browser.get("/").text)
        browser.get("/members/rose", status=404)

    def test_nothing_more_can_be_sealed_for_it(self, house, rose):
        start(house, rose)
        with pytest.raises(Destroyed):
            note(house, rose)

    def test_the_login_is_never_given_out_again_but_the_address_is_free(self, house, rose):
        start(house, rose)
        run_due(house.registry)
        assert house.work(lambda request: request.find_service(IMembers).taken("rose")) is True
        house.work(
            lambda request: request.find_service(IMembers).add(
                "rosalie", "rose@example.org", "le tilleul penche"
            )
        )

    def test_the_ledger_has_its_line_before_the_account_is_closed(self, house, rose):
        seen = []

        def after(step):
            lines = [line.uid for line in ledger(house).lines()]
            seen.append((step, lines))

        house.work(lambda request: ErasureService(request, after).start(rose))
        assert seen == [(steps.LEDGER, [rose]), (steps.CLOSE, [rose])]

    def test_an_erasure_that_is_undone_leaves_no_line(self, house, rose):
        def fail(request):
            request.find_service(IErasure).start(rose)
            raise RuntimeError("the page could not be made")

        with pytest.raises(RuntimeError):
            house.work(fail)
        assert list(ledger(house).lines()) == []
        assert house.work(lambda request: request.find_service(IMembers).login_of(rose)) == "rose"

    def test_without_a_ledger_nothing_begins(self, house, rose):
        path = ledger(house).path
        shutil.rmtree(path.parent)
        with pytest.raises(LedgerUnusable, match="then try again"):
            start(house, rose)
        assert house.work(lambda request: request.find_service(IMembers).login_of(rose)) == "rose"

    def test_a_ledger_that_fails_at_the_last_moment_undoes_it_all(self, house, rose, monkeypatch):
        def full(self, _descriptor, _line):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Ledger, "_append", full)
        with pytest.raises(LedgerUnusable):
            start(house, rose)
        assert house.work(lambda request: request.find_service(IMembers).login_of(rose)) == "rose"
        assert house.work(lambda request: list(request.root_map["erasures"].open)) == []

    def test_twice_is_once(self, house, rose):
        assert start(house, rose) != ""
        assert start(house, rose) == ""
        run_due(house.registry)
        assert start(house, rose) == ""
        assert len(list(ledger(house).lines())) == 1

    def test_an_unknown_number_is_refused(self, house):
        with pytest.raises(NoSuchAccount):
            start(house, 4711)
        assert list(ledger(house).lines()) == []

    def test_a_savepoint_after_it_changes_nothing(self, house, rose):
        def begin(request):
            request.find_service(IErasure).start(rose)
            savepoint = request.tm.savepoint()
            request.root_map["other"] = 1
            savepoint.rollback()

        house.work(begin)
        assert [line.uid for line in ledger(house).lines()] == [rose]


class TestPages:
    def erase(self, house):
        browser = house.browser("rose")
        form = browser.get("/account/erase").forms["erase"]
        form["present"] = PASSWORD
        return browser, form.submit("erase", status="*")

    def test_the_receipt_is_shown_and_follows_the_work(self, house, rose):
        browser, answer = self.erase(house)
        page = answer.follow()
        assert "en cours" in page.text
        assert "rose" not in re.findall(r"\w+", page.text)
        run_due(house.registry)
        page = browser.get(page.request.path_qs)
        assert "en cours" not in page.text
        assert "Clé détruite" in page.text
        assert browser.get("/account/erase", status="*").status_int != 200

    @pytest.mark.parametrize("code", ["", "x", "%C3%A9", "a" * 1000])
    def test_any_other_code_shows_nothing(self, house, rose, code):
        start(house, rose)
        house.browser().get(f"/erased?receipt={code}", status=404)

    def test_without_a_ledger_the_member_keeps_the_account(self, house, rose):
        shutil.rmtree(ledger(house).path.parent)
        browser, answer = self.erase(house)
        assert answer.status_int == 503
        assert str(ledger(house).path) not in answer.text
        assert browser.get("/account").status_int == 200
