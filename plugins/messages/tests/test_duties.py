"""The contract: declarations, the archive, erasure, cases, and switching off and on."""

from dataclasses import dataclass, field

import pytest

from communicate.audience import MEMBERS, Audience
from communicate.demo import running
from communicate.erasure.jobs import go_on
from communicate.interfaces import IErasure, IKeyRing
from communicate.principals import contacts, member
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_messages import duties


@dataclass
class Member:
    """A member as the duty hooks are told of one."""

    uid: int
    request: object


@dataclass
class Receipt:
    counts: dict = field(default_factory=dict)

    def erased(self, kind, count=1):
        self.counts[kind] = self.counts.get(kind, 0) + count


def erase(place, login):
    """Have the plugin erase in batches; return the receipt's counts and how many batches."""
    receipt, batches = Receipt(), 1
    while place.do(lambda request, _: duties.erase(Member(place.uids[login], request), receipt)):
        batches += 1
    return receipt.counts, batches


def names(place, uid):
    """Return where the tree still names member *uid*."""

    def look(_request, held):
        found = [("box", one) for one in held.boxes if one == uid]
        found += [("pair", one) for one, box in held.boxes.items() if uid in box.pairs]
        for each in held.conversations.values():
            ids = (each.starter, each.wisher, *(each.pair or ()), *each.parts)
            found += [("conversation", each.id)] if uid in ids else []
            found += [("title", each.id)] if each.title and each.title.uid == uid else []
            for line in each.lines.values():
                said = (line.owner, getattr(line, "whom", None))
                found += [("line", line.id)] if uid in said else []
        return found

    return place.do(look)


@pytest.fixture
def own(fresh_place):
    """Return a place of one test: ines and paul have talked, and ines with paul and zoe."""
    place = fresh_place()
    place.two, place.first = place.start("ines", "paul", body="Trois planches.")
    place.answer = place.say(place.two, "paul", "Et un toit.")
    place.three, _ = place.start("ines", "paul", "zoe", body="À trois.", title="Cabane")
    return place


class TestPersonalData:
    def test_every_class_that_holds_words_is_declared(self, own):
        assert kit.undeclared_classes(own.house, "messages") == []
        assert kit.intruders(own.house) == []


class TestExport:
    def test_holds_conversations_as_the_member_reads_them(self, own):
        archive = exported(own.house, "paul")
        rows = archive.records("messages", "message")
        assert [(row["author"], row["text"]) for row in rows] == [
            ("ines", "Trois planches."),
            ("paul", "Et un toit."),
            ("ines", "À trois."),
        ]
        titles = [row["title"] for row in archive.records("messages", "conversation")]
        assert titles == ["ines", "Cabane"]
        assert "participations/messages/message.json" in archive.names

    def test_holds_nothing_of_conversations_that_one_has_left_but_ones_own_words(self, own):
        own.act("paul", own.two, "leave")
        archive = exported(own.house, "paul")
        assert "Et un toit." in archive.text
        assert "Trois planches." not in archive.text

    def test_holds_nothing_of_others(self, own):
        assert "planches" not in exported(own.house, "zoe").text

    def test_choices_go_out_and_come_back(self, own):
        uid = own.uids["ines"]
        chosen = Audience("chosen", [contacts(uid), member(own.uids["hugo"])])

        def choose(_request, held):
            held.box(uid).open_to, held.box(uid).receipts = chosen, True

        own.do(choose)
        (row,) = exported(own.house, "ines").records("messages", "choices")
        assert row == {"who": "chosen", "people": ["hugo"], "receipts": True}


class TestErase:
    def test_empties_the_words_in_every_conversation(self, own):
        counts, _batches = erase(own, "ines")
        assert counts["messages.message"] == 2
        for number in (own.two, own.three):
            page = own.read("paul", number)
            assert "planches" not in page
            assert "À trois." not in page
            assert "Cabane" not in page
            assert "Message deleted" in page
        assert "Et un toit." in own.read("paul", own.two)
        assert "a former member has left" in own.read("paul", own.three)

    def test_names_the_member_nowhere(self, own):
        own.act("ines", own.three, "leave")
        erase(own, "ines")
        assert names(own, own.uids["ines"]) == []

    def test_goes_batch_by_batch_and_can_begin_again(self, own, monkeypatch):
        monkeypatch.setattr(duties, "BATCH", 2)
        for count in range(5):
            own.say(own.two, "paul", f"Encore {count}")
        counts, batches = erase(own, "paul")
        assert counts["messages.message"] == 6
        assert batches == 3 + 1 + 1  # messages, conversations, the box
        assert erase(own, "paul") == ({}, 1)

    def test_a_whole_erasure_leaves_a_former_member_and_no_key(self, own):
        uid = own.uids["ines"]
        own.house.work(lambda request: request.find_service(IErasure).start(uid))
        assert "Trois planches." not in own.read("paul", own.two).html.select_one(".talk").text
        go_on(own.house.registry, uid)
        page = own.read("paul", own.two)
        assert "Et un toit." in page
        assert own.house.work(lambda r: r.find_service(IKeyRing).holds(uid)) is False
        assert "ines" not in page.html.select_one("main").text
        assert names(own, uid) == []

    def test_a_key_that_is_gone_reads_as_deleted(self, own):
        own.house.registry.getUtility(IKeyRing).destroy(own.uids["ines"])
        page = own.read("paul", own.two)
        assert "Trois planches." not in page
        assert "Message deleted" in page
        erase(own, "ines")
        assert names(own, own.uids["ines"]) == []

    def test_what_was_disclosed_with_a_report_goes_too(self, own):
        from communicate.ids import encode
        from communicate.reports.services import disclosed, reports_of
        from communicate.testing.kit import form_with

        address = f"{own.path(own.two, 'report')}?message={encode(own.answer)}"
        form = form_with(own.browser("ines").get(address), "reason")
        form["reason"] = "other"
        form[f"show-{encode(own.first)}"] = "true"
        form.submit("report", status=303)

        def shown(request):
            (case,) = reports_of(request).cases.values()
            return [one["text"] for one in disclosed(request, case)]

        assert own.house.work(shown) == ["Trois planches."]
        uid = own.uids["ines"]
        own.house.work(lambda request: request.find_service(IErasure).start(uid))
        go_on(own.house.registry, uid)
        left = own.house.work(
            lambda request: [
                words.uid
                for case in reports_of(request).cases.values()
                for _when, words in case.shown()
            ]
        )
        assert left == []


class TestSwitchedOff:
    def test_all_is_404_and_back_as_before(self, own):
        def open_to_all(_request, held):
            held.box(own.uids["zoe"]).open_to = MEMBERS

        own.do(open_to_all)
        kit.check_switching(own.house, "messages", own.path(own.two))
        own._browsers.clear()
        assert "Trois planches." in own.read("paul", own.two)


class TestPromises:
    def test_a_demo_stores_nothing_undeclared_and_an_erasure_forgets_nothing(self, make_house):
        house = make_house(["messages"])
        running.make(house.registry, 12, 1, lambda _line: None)

        def busiest(request):
            boxes = request.site["messages"].boxes
            uid = max(boxes, key=lambda uid: len(boxes[uid].listed))
            return request.site["members"].logins[uid], len(boxes[uid].listed)

        login, talks = house.work(busiest)
        assert talks > 0
        assert promises.undeclared(house, "messages") == []
        assert promises.forgotten(house, "messages", login) == []


def test_notices_carry_no_words(own):
    page = own.browser("zoe").get("/notices")
    assert "ines has written to you." in page
    for _day in range(3):  # the daily mail is a job that a job queues
        own.later(days=1)
    letters = own.house.letters()
    assert letters
    assert not any("trois" in letter.lower() or "Cabane" in letter for letter in letters)
