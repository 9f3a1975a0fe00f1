"""What is deleted is hidden at once, comes back within ten seconds, and is gone after that."""

import pytest

from communicate.permissions import VIEW
from communicate_sms.permissions import UNDO
from communicate_sms.queue import Queue
from communicate_sms.reach import ToNumber
from communicate_sms.removal import BATCH
from communicate_sms.transports.passing import Refused

from .correspondents import LEA, OMAR, People


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Yield people who write to each other."""
    made = People(tmp_path_factory.mktemp("site"))
    yield made
    made.close()


def kept(people):
    """Return how many messages the queue knows."""
    return people.house.work(lambda request: len(Queue(request).tree.messages))


class TestMessage:
    def test_it_is_gone_at_once_and_for_good_in_ten_seconds(self, people):
        number = people.send("ines", LEA, "Une erreur.")
        people.drain()
        people.line("ines", LEA, number, lambda texts, line: texts.delete(line))
        assert people.said("ines", LEA) == []
        assert not people.may("ines", "ines", number, VIEW)
        assert people.may("ines", "ines", number, UNDO)
        assert not people.may("paul", "ines", number, UNDO)
        people.later(seconds=11)
        assert kept(people) == 0
        assert people.on("ines", LEA, lambda _texts, talk: len(talk.lines)) == 0

    def test_what_waits_does_not_leave_any_more(self, people):
        number = people.send("ines", OMAR, "Ne pars pas.")
        people.line("ines", OMAR, number, lambda texts, line: texts.delete(line))
        assert people.drain() == []
        people.later(seconds=11)
        assert people.drain() == []

    def test_it_can_be_taken_back_for_ten_seconds_and_leaves_then(self, people):
        number = people.send("ines", OMAR, "Pars.")
        people.line("ines", OMAR, number, lambda texts, line: texts.delete(line))
        people.line("ines", OMAR, number, lambda texts, line: texts.undo(line))
        assert people.said("ines", OMAR) == ["Pars."]
        people.later(seconds=11)
        assert people.said("ines", OMAR) == ["Pars."]
        assert [text.splitlines()[0] for text in people.drain()] == ["ines: Pars."]

    def test_what_is_deleted_again_has_ten_seconds_again(self, people):
        number = people.send("paul", OMAR, "Deux fois.")
        act = people.line
        act("paul", OMAR, number, lambda texts, line: texts.delete(line))
        people.later(seconds=6)
        act("paul", OMAR, number, lambda texts, line: texts.undo(line))
        act("paul", OMAR, number, lambda texts, line: texts.delete(line))
        people.later(seconds=6)
        act("paul", OMAR, number, lambda texts, line: texts.undo(line))
        people.later(seconds=11)
        assert people.said("paul", OMAR) == ["Deux fois."]

    def test_what_came_and_was_not_read_counts_no_more(self, people):
        number = people.come("zoe", LEA, "Coucou")
        assert people.unread("zoe") == 1
        people.line("zoe", LEA, number, lambda texts, line: texts.delete(line))
        assert people.unread("zoe") == 0
        people.line("zoe", LEA, number, lambda texts, line: texts.undo(line))
        assert people.unread("zoe") == 1
        people.on("zoe", LEA, lambda texts, talk: texts.see(talk))
        people.line("zoe", LEA, number, lambda texts, line: texts.delete(line))
        assert people.unread("zoe") == 0

    def test_what_has_not_left_is_not_counted_among_what_may_be_sent(self, people):
        def left(texts):
            return texts.allowance.left(people.uids["zoe"])

        before = people.do(left)
        number = people.send("zoe", OMAR, "Finalement non.")
        assert people.do(left) == before - 1
        people.line("zoe", OMAR, number, lambda texts, line: texts.cancel(line))
        assert people.do(left) == before

    def test_of_what_did_not_arrive_nobody_learns_how_to_stop(self, people, monkeypatch):
        to = ToNumber("+33700000009")
        number = people.send("ines", to, "Une")

        def refuse(_message):
            raise Refused("no such number")

        with monkeypatch.context() as patched:
            patched.setattr(people.way, "send", refuse)
            people.drain()
        people.line("ines", to, number, lambda texts, line: texts.delete(line))
        people.later(seconds=11)
        number = people.send("ines", to, "Deux")
        people.line("ines", to, number, lambda texts, line: texts.delete(line))
        people.send("ines", to, "Trois")
        people.later(seconds=11)
        (left,) = people.drain()
        assert left.startswith("ines: Trois\n")
        assert "STOP" in left


class TestConversation:
    def test_all_of_it_is_gone_and_nothing_of_it_leaves(self, people):
        people.drain()
        before = kept(people)
        people.send("paul", LEA, "Une")
        people.come("paul", LEA, "Deux")
        number = people.on("paul", LEA, lambda _texts, talk: talk.id)
        people.on("paul", LEA, lambda texts, talk: texts.delete(talk))
        assert people.said("paul", LEA) == []
        assert people.unread("paul") == 0
        assert people.drain() == []
        assert not people.may("paul", "paul", number, VIEW)
        people.later(seconds=11)
        assert people.drain() == []
        assert kept(people) == before
        with pytest.raises(LookupError):
            people.may("paul", "paul", number, UNDO)

    def test_taken_back_it_goes_on_with_what_was_written_meanwhile(self, people):
        people.send("zoe", LEA, "Avant")
        gone = people.on("zoe", LEA, lambda _texts, talk: talk.id)
        people.on("zoe", LEA, lambda texts, talk: texts.delete(talk))
        people.come("zoe", LEA, "Entre")
        assert people.said("zoe", LEA) == ["Entre"]
        uid = people.uids["zoe"]

        def undo(texts):
            texts.undo(texts.kept.book_of(uid).talks[gone])
            return [talk.id for talk in texts.talks(uid)].count(gone)

        assert people.do(undo) == 1
        assert people.said("zoe", LEA)[-2:] == ["Avant", "Entre"]
        assert people.unread("zoe") == 1
        people.later(seconds=11)
        assert people.said("zoe", LEA)[-2:] == ["Avant", "Entre"]
        assert len(people.drain()) == 1

    def test_what_was_deleted_meanwhile_is_destroyed_all_the_same(self, people):
        people.come("zoe", OMAR, "Avant")
        gone = people.on("zoe", OMAR, lambda _texts, talk: talk.id)
        people.on("zoe", OMAR, lambda texts, talk: texts.delete(talk))
        number = people.come("zoe", OMAR, "Entre")
        people.line("zoe", OMAR, number, lambda texts, line: texts.delete(line))
        uid = people.uids["zoe"]
        people.do(lambda texts: texts.undo(texts.kept.book_of(uid).talks[gone]))
        assert people.said("zoe", OMAR)[-1] == "Avant"
        people.later(seconds=11)
        assert not people.on("zoe", OMAR, lambda _texts, talk: number in talk.lines)

    def test_however_much_there_is(self, people):
        uid = people.uids["hugo"]

        def fill(texts):
            for one in range(BATCH + 10):
                texts.receive(uid, LEA, f"{one}", texts.queue.now)

        people.do(fill)
        people.on("hugo", LEA, lambda texts, talk: texts.delete(talk))
        people.later(seconds=11)
        assert people.do(lambda texts: len(texts.kept.book_of(uid).talks)) == 0


def test_what_is_older_than_the_site_keeps_is_destroyed(people):
    people.send("ines", LEA, "Ancien")
    people.come("ines", LEA, "Vieux")
    people.drain()
    people.house.registry.settings["sms.days"] = 30
    people.later(days=20)
    people.send("ines", LEA, "Récent")
    people.later(days=11)
    people.house.registry.settings["sms.days"] = 0
    assert people.said("ines", LEA) == ["Récent"]
