"""A message is sent once: whatever an operator says, whoever dies, whatever comes first."""

from datetime import timedelta
from typing import Any

import pytest

from communicate.interfaces import IDisclosures
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_sms import states
from communicate_sms.queue import Outcome, Queue, exchange_of
from communicate_sms.runner import Runner
from communicate_sms.transports.passing import Receipt, Refused, TryLater, Uncertain


def seen(house, number):
    """Return the message *number* as it is now."""

    def look(request):
        found = exchange_of(request).messages[number]
        return found.state, found.detail

    return house.work(look)


def receive(house, state, *, token="", reference=""):
    """Bring a receipt by the way ``un``."""

    def bring(request):
        queue = Queue(request)
        found = queue.by_token(token) if token else queue.by_reference("un", reference)
        assert found is not None
        queue.receive(found, Receipt(state, reference, "7"))

    house.work(bring)


def failing(error):
    """Return an answer that raises *error*."""

    def answer(_message):
        raise error

    return answer


class TestSending:
    def test_exactly_four_things_leave_and_the_member_can_read_that_they_did(
        self, house, runner, ways, write
    ):
        number = write(text="À ce soir")
        runner.drain()
        (sent,) = ways["un"].taken
        assert sent[:3] == ("+33612345678", "À ce soir", "2communicate")
        assert sent.receipts == f"https://site.example/texting/receipts/un/{sent.token}"
        assert len(sent.token) >= 32
        assert seen(house, number) == (states.SENT, "")

        def left(request: Any) -> Any:
            return list(request.find_service(IDisclosures).of(house.ines))

        (record,) = house.work(left)[:1]
        assert set(record.fields) == {"number", "text", "sender", "token"}

    def test_tokens_are_stored_as_hashes(self, house, runner, ways, write):
        write()
        runner.drain()
        token = ways["un"].taken[0].token
        keys = house.work(lambda request: list(exchange_of(request).tokens))
        assert [key for key in keys if token.encode() in key] == []
        assert len(keys) == 1

    def test_what_is_for_later_waits(self, house, runner, ways, write):
        write(due=2**53)
        runner.drain()
        assert ways["un"].taken == []

    def test_what_is_of_no_use_later_goes_first(self, house, runner, ways, write):
        write(text="Bonjour")
        write(text="123 456", until=2**53, purpose="code")
        runner.at_once = 1
        runner.drain()
        assert [sent.text for sent in ways["un"].taken] == ["123 456", "Bonjour"]

    def test_what_is_too_late_does_not_leave(self, house, runner, ways, write):
        number = write(until=1, purpose="code")
        runner.drain()
        assert ways["un"].taken == []
        assert seen(house, number) == (states.FAILED, "too late")

    @pytest.mark.parametrize("purpose", ["message", "notice"])
    def test_what_is_for_a_country_that_is_served_no_more_does_not_leave(
        self, house, runner, ways, write, monkeypatch, purpose
    ):
        write(purpose=purpose)
        monkeypatch.setitem(house.registry.settings, "sms.countries", ("BE",))
        runner.drain()
        assert ways["un"].taken == []

    def test_a_way_that_is_out_of_order_is_gone_round(self, house, runner, ways, write):
        ways["un"].answer = failing(TryLater("nobody is there"))
        number = write()
        runner.drain()
        assert len(ways["deux"].taken) == 1
        assert ways["deux"].taken[0].token != ways["un"].taken[0].token
        assert seen(house, number)[0] == states.SENT

    def test_where_every_way_is_out_of_order_it_waits(self, house, runner, ways, write):
        for way in ways.values():
            way.answer = failing(TryLater("nobody is there"))
        number = write()
        runner.drain()
        assert [len(way.taken) for way in ways.values()] == [1, 1]
        assert seen(house, number) == (states.WAITING, "nobody is there")

    def test_an_operator_who_asks_for_patience_is_asked_again(self, house, runner, ways, write):
        def patience(_message):
            if len(ways["un"].taken) < 3:
                raise TryLater("slowly", 0, fault=False)
            return "ref"

        ways["un"].answer = patience
        number = write()
        runner.drain()
        assert len(ways["un"].taken) == 3
        assert ways["deux"].taken == []
        assert seen(house, number)[0] == states.SENT

    def test_what_is_refused_has_failed(self, house, runner, ways, write):
        ways["un"].answer = failing(Refused("no such number"))
        number = write()
        runner.drain()
        assert seen(house, number) == (states.FAILED, "no such number")
        assert ways["deux"].taken == []


class TestUncertain:
    def test_it_is_not_sent_again_and_operators_see_it(self, house, runner, ways, write):
        ways["un"].answer = failing(Uncertain("no answer"))
        number = write()
        runner.drain()
        runner.drain()
        assert len(ways["un"].taken) == 1
        assert ways["deux"].taken == []
        assert seen(house, number) == (states.UNCERTAIN, "no answer")
        assert house.work(lambda r: [m.id for m in Queue(r).uncertain()]) == [number]

    def test_a_fault_of_ours_leaves_it_uncertain(self, house, runner, ways, write):
        ways["un"].answer = failing(ZeroDivisionError())
        number = write()
        runner.drain()
        assert seen(house, number) == (states.UNCERTAIN, "ZeroDivisionError")

    def test_a_receipt_makes_it_certain(self, house, runner, ways, write):
        ways["un"].answer = failing(Uncertain("no answer"))
        number = write()
        runner.drain()
        receive(house, states.DELIVERED, token=ways["un"].taken[0].token)
        assert seen(house, number) == (states.DELIVERED, "7")
        assert house.work(lambda r: list(Queue(r).uncertain())) == []

    @pytest.mark.parametrize(("again", "times"), [(True, 2), (False, 1)])
    def test_operators_decide(self, house, runner, ways, write, again, times):
        ways["un"].answer = failing(Uncertain("no answer"))
        number = write()
        runner.drain()
        ways["un"].answer = lambda _message: "ref"

        def decide(request):
            queue = Queue(request)
            queue.decide(exchange_of(request).messages[number], again=again)

        house.work(decide)
        house.work(decide)  # pressed twice
        runner.drain()
        assert len(ways["un"].taken) == times
        assert seen(house, number)[0] == states.SENT

    def test_who_dies_between_leaves_it_uncertain(self, house, runner, ways, write):
        number = write()

        def recorded(request):
            found = request.find_service(IDisclosures).of(house.ines, most=1000)
            return [(one.why, set(one.fields)) for one in found]

        before = house.work(recorded)
        house.work(lambda r: Queue(r).take("somebody else", 10, timedelta(seconds=-1)))
        runner.drain()
        assert ways["un"].taken == []
        assert seen(house, number)[0] == states.UNCERTAIN
        # It may have left: its author reads that.
        fields = {"number", "text", "sender", "token"}
        assert house.work(recorded) == [("message", fields), *before]

    @pytest.mark.parametrize(
        ("state", "then"),
        [
            (states.SENT, states.SENT),
            (states.FAILED, states.FAILED),
            (states.WAITING, states.UNCERTAIN),
        ],
    )
    def test_who_was_only_slow_tells_what_became_of_it(self, house, write, state, then):
        number = write()
        house.work(lambda r: Queue(r).take("slow", 10, timedelta(seconds=-1)))
        house.work(lambda r: Queue(r).take("somebody else", 10, timedelta(minutes=1)))
        assert seen(house, number)[0] == states.UNCERTAIN
        house.work(lambda r: Queue(r).settle(number, "slow", Outcome(state, "its-name")))
        assert seen(house, number)[0] == then
        doubtful = house.work(lambda r: [one.id for one in Queue(r).uncertain()])
        assert doubtful == ([number] if then == states.UNCERTAIN else [])

    def test_who_was_slow_is_not_heard_once_an_operator_has_decided(self, house, write):
        number = write()
        house.work(lambda r: Queue(r).take("slow", 10, timedelta(seconds=-1)))

        def decide(request):
            queue = Queue(request)
            queue.take("somebody else", 10, timedelta(minutes=1))
            queue.decide(queue.tree.messages[number], again=True)

        house.work(decide)
        house.work(lambda r: Queue(r).settle(number, "slow", Outcome(states.FAILED)))
        assert seen(house, number)[0] == states.WAITING


class TestReceipts:
    def test_they_come_in_any_order(self, house, runner, ways, write):
        number = write()
        runner.drain()
        token = ways["un"].taken[0].token
        for state in (states.DELIVERED, states.SENT, states.BUFFERED, states.FAILED):
            receive(house, state, token=token)
        assert seen(house, number)[0] == states.DELIVERED

    def test_they_find_it_by_the_name_that_its_operator_gave_it(self, house, runner, ways, write):
        number = write()
        runner.drain()
        receive(house, states.FAILED, reference=f"ref-{ways['un'].taken[0].token}")
        assert seen(house, number)[0] == states.FAILED

        def elsewhere(request):
            return Queue(request).by_reference("deux", f"ref-{ways['un'].taken[0].token}")

        assert house.work(elsewhere) is None

    def test_one_that_comes_before_the_answer_is_kept(self, house, ways, write, runner):
        number = write()

        def slow(message):
            receive(house, states.DELIVERED, token=message.token)
            raise TryLater("after all")

        ways["un"].answer = slow
        runner.drain()
        runner.drain()
        assert seen(house, number)[0] == states.DELIVERED
        assert len(ways["un"].taken) == 1
        assert ways["deux"].taken == []

    def test_what_is_forgotten_is_found_by_none(self, house, runner, ways, write):
        number = write()
        runner.drain()
        token = ways["un"].taken[0].token

        def forget(request):
            Queue(request).forget(exchange_of(request).messages[number])

        house.work(forget)
        assert house.work(lambda request: Queue(request).by_token(token)) is None
        assert house.work(lambda request: dict(exchange_of(request).references)) == {}


def test_two_runners_send_each_message_once(house, ways, write):
    senders = {"un": "2communicate", "deux": "38000"}
    numbers = [write(text=str(at)) for at in range(60)]
    both = [Runner(house.registry, ways, senders, "", at_once=7) for _ in range(2)]
    busy = [True]
    while any(busy):
        busy = [each.step() for each in both]
    for each in both:
        each.end()
    assert sorted(int(one.text) for one in ways["un"].taken) == list(range(60))
    assert {seen(house, number)[0] for number in numbers} == {states.SENT}


def test_what_is_kept_is_declared_sealed_exported_and_erased(house, runner, ways, write):
    write("+33612345678", "Le tilleul penche")
    write("+33687654321", "Le tilleul est tombé", due=2**53)
    runner.drain()
    assert kit.undeclared_classes(house, "sms") == []
    assert promises.undeclared(house, "sms", words=("tilleul", "33612345678", "687654321")) == []
    rows = exported(house, "ines").records("sms", "messages")
    assert [(row["to"], row["text"], row["state"]) for row in rows] == [
        ("+33612345678", "Le tilleul penche", "sent"),
        ("+33687654321", "Le tilleul est tombé", "waiting"),
    ]
    assert promises.forgotten(house, "sms", "ines") == []
    assert house.work(lambda request: len(exchange_of(request).messages)) == 0
    assert house.work(lambda request: list(exchange_of(request).due)) == [(0, 0)]
