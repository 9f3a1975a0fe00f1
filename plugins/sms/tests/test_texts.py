"""Members write to numbers, and read what comes back."""

from datetime import timedelta

import pytest

from communicate.clock import at, now
from communicate.interfaces import INotifications
from communicate.testing.house import House
from communicate_sms.errors import Declined
from communicate_sms.interfaces import ITexts
from communicate_sms.queue import Queue
from communicate_sms.reach import ToNumber

LEA = ToNumber("+33612345678")
OMAR = ToNumber("+33700000001")
WAYS = "un file path=un.jsonl sender=2communicate"
DAY = 86_400_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Yield a site whose members write as often as they like."""
    limits = dict.fromkeys(("sms.number_limits", "sms.number_totals"), "off")
    made = House(
        tmp_path_factory.mktemp("site"),
        ["sms"],
        {"sms.ways": WAYS, "sms.member_parts": 1000, **limits},
    )
    made.ines = made.member("ines")
    yield made
    made.close()


@pytest.fixture
def texts(house):
    """Return what calls the service in a transaction of its own."""

    def call(act):
        return house.work(lambda request: act(request.find_service(ITexts)))

    return call


@pytest.fixture
def send(house, texts):
    """Return what has ines write; it returns the id of the message."""
    return lambda to, text, at=0: texts(lambda it: it.send(house.ines, to, text, at).id)


def said(texts, uid, to):
    """Return what stands in the conversation of *uid* with *to*, as (mine, text)."""

    def look(it):
        talk = it.with_whom(uid, to)
        return [] if talk is None else [(line.mine, line.text) for line in it.lines(talk)]

    return texts(look)


@pytest.fixture
def come(house, texts):
    """Return what brings a message to ines."""
    moments = iter(range(1_700_000_000_000, 2**53))
    return lambda by, text: texts(lambda it: bool(it.receive(house.ines, by, text, next(moments))))


class TestWriting:
    def test_what_leaves_begins_with_the_login_and_first_says_how_to_stop(
        self, house, runner, ways, texts, send
    ):
        send(LEA, "Bonjour")
        send(LEA, "Ça va ?\r\n")
        runner.drain()
        assert [sent.text for sent in ways["un"].taken] == [
            "ines: Bonjour\nRépondez STOP pour ne plus rien recevoir.",
            "ines: Ça va ?",
        ]
        assert said(texts, house.ines, LEA)[-2:] == [(True, "Bonjour"), (True, "Ça va ?")]

    def test_nothing_and_too_much_are_declined(self, texts, house, send):
        with pytest.raises(Declined, match="Write something"):
            send(LEA, " \r\n ")
        with pytest.raises(Declined, match="too long"):
            send(LEA, "é" * 153 * 6)
        with pytest.raises(Declined, match="within a year"):
            send(LEA, "Bonjour", 2**42 - 1)

    def test_what_would_leave_is_shown_before(self, house, texts):
        shown = texts(lambda it: it.preview(house.ines, OMAR, "Ça"))
        assert shown.text.startswith("ines: Ça\n")
        assert (shown.alphabet, shown.parts, shown.foreign) == ("gsm-7", 1, ())
        assert shown.units_left == 160 - len(shown.text)

    def test_what_is_for_later_can_be_changed_and_taken_back(
        self, house, runner, ways, texts, send
    ):
        def planned(it):
            return [line.text for line in it.waiting(it.with_whom(house.ines, OMAR))]

        at = house.work(lambda request: Queue(request).now) + DAY
        number = send(OMAR, "Demain", at)
        send(OMAR, "Maintenant")
        assert texts(planned) == ["Demain"]
        assert said(texts, house.ines, OMAR) == [(True, "Maintenant")]
        other = texts(
            lambda it: it.change(it.queue.tree.messages[number], "Après-demain", at + DAY).id
        )
        assert texts(planned) == ["Après-demain"]
        assert texts(lambda it: it.cancel(it.queue.tree.messages[other]))
        assert texts(planned) == []
        runner.drain()
        assert len(ways["un"].taken) == 1


class TestComing:
    def test_an_answer_stands_in_the_conversation_and_is_new_until_it_is_seen(
        self, house, texts, send, come
    ):
        send(LEA, "Tu viens ?")
        assert come(LEA, "Oui\r\nÀ 18 h")
        assert said(texts, house.ines, LEA)[-1] == (False, "Oui\nÀ 18 h")
        assert texts(lambda it: it.unread(house.ines)) == 1
        notices = house.work(
            lambda request: request.find_service(INotifications).unread(house.ines)
        )
        assert notices == 1
        texts(lambda it: it.see(it.with_whom(house.ines, LEA)))
        assert texts(lambda it: it.unread(house.ines)) == 0

    def test_what_comes_in_one_millisecond_stands_in_its_order(self, house, texts):
        def come(it):
            for number in range(40):
                it.receive(house.ines, OMAR, f"Ligne {number}", 1)

        texts(come)
        came = [text for _mine, text in said(texts, house.ines, OMAR)]
        assert came[-40:] == [f"Ligne {number}" for number in range(40)]

    def test_the_latest_conversation_comes_first(self, house, texts, come):
        come(LEA, "Une")
        come(OMAR, "Deux")

        def names(it):
            return [it.name(talk).e164 for talk in it.talks(house.ines)]

        assert texts(names)[:2] == [OMAR.e164, LEA.e164]
        come(LEA, "Trois")
        assert texts(names)[:2] == [LEA.e164, OMAR.e164]


def test_what_came_waits_for_nothing_once_a_clock_was_set_back(house, texts):
    def receive(request):
        with at(request, now(request) + timedelta(hours=1)):
            request.find_service(ITexts).receive(house.ines, OMAR, "Tôt", 1_700_000_000_000)

    house.work(receive)
    waiting = texts(lambda it: [one.text for one in it.waiting(it.with_whom(house.ines, OMAR))])
    assert "Tôt" not in waiting
