"""A ceiling of money is never overshot: sending stops, operators are told, and it goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.interfaces import IClock, INotifications, ISeals
from communicate.storage.work import made_request
from communicate.testing.house import House
from communicate_sms import alarms, states
from communicate_sms.content import Day
from communicate_sms.numbering import OWNER
from communicate_sms.pace import FIRST
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.runner import LEASE
from communicate_sms.spending import count, ledger_of, let_more, spending
from communicate_sms.transports.passing import Receipt, Refused, TryLater, Uncertain

from .conftest import FREELY, WAYS, Slow

NOON = datetime(2026, 5, 3, 12, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Yield a site where a part costs 0.10, an hour 0.50 and a day 0.80."""
    made = House(
        tmp_path_factory.mktemp("site"),
        ["sms"],
        {
            "sms.ways": WAYS,
            **FREELY,
            "sms.prices": "+33 0.10\n+337 0",
            "sms.hour_ceiling": "0.50",
            "sms.day_ceiling": "0.80",
        },
    )
    made.ines, made.oscar = made.member("ines"), made.member("oscar", "operators")
    yield made
    made.close()


@pytest.fixture
def house(house):
    """Yield the site at ten past noon, with nothing spent."""
    settings = dict(house.registry.settings)
    with Slow(NOON).hung_in(house):
        yield house
    house.registry.settings.update(settings)

    def forget(request):
        tree = exchange_of(request)
        tree.days.clear()
        tree.paces.clear()

    house.work(forget)


@pytest.fixture
def pass_by(house):
    """Return what lets time pass."""

    def wait(span):
        house.registry.getUtility(IClock).offset += span

    return wait


def day_of(house, number=None):
    """Return what is counted of the day that is now."""

    def look(request):
        day = ledger_of(request).day
        return sum(day.hours), day.messages, day.parts, day.failed

    return house.work(look)


@pytest.fixture
def told(house):
    """Return what runs the jobs that are due, and tells how many notices the operator has new."""

    def unread():
        house.run_jobs()
        return house.work(lambda r: r.find_service(INotifications).unread(house.oscar))

    unread()
    house.work(lambda request: request.root_map["notices"].inboxes.pop(house.oscar, None))
    return unread


class TestCeilings:
    def test_sending_stops_at_that_of_the_hour_and_goes_on_in_the_next(
        self, house, runner, ways, write, pass_by
    ):
        numbers = [write() for _one in range(7)]
        runner.drain()
        assert len(ways["un"].taken) == 5
        assert day_of(house)[:3] == (500, 5, 5)
        found = house.work(lambda r: [exchange_of(r).messages[one].state for one in numbers])
        assert found == [states.SENT] * 5 + [states.WAITING] * 2
        pass_by(timedelta(minutes=49))
        runner.drain()
        assert len(ways["un"].taken) == 5
        pass_by(timedelta(minutes=1, seconds=1))
        runner.drain()
        assert len(ways["un"].taken) == 7

    def test_and_at_that_of_the_day(self, house, runner, ways, write, pass_by):
        for _one in range(10):
            write()
        for _one in range(4):
            runner.drain()
            pass_by(HOUR)
        assert len(ways["un"].taken) == 8
        assert day_of(house)[0] == 800
        assert alarms.ceilings(house.registry).mapping["when"] == "2026-05-04 00:00"
        pass_by(DAY)
        assert alarms.ceilings(house.registry) is None
        runner.drain()
        assert len(ways["un"].taken) == 10

    def test_a_message_of_many_parts_does_not_slip_through(self, house, runner, ways, write):
        write(text="x" * 600)
        write(text="y" * 200)
        runner.drain()
        assert [sent.text[0] for sent in ways["un"].taken] == ["x"]
        assert day_of(house)[:3] == (400, 1, 4)

    def test_operators_are_told_once(self, house, runner, write, told):
        for _one in range(6):
            write()
        for _one in range(3):
            runner.drain()
        assert told() == 1
        mailed = set(house.letters())
        assert alarms.ceilings(house.registry).mapping["when"] == "2026-05-03 13:00"
        house.registry.getUtility(IClock).offset += timedelta(minutes=2)
        house.run_jobs()
        (letter,) = set(house.letters()) - mailed
        assert "To: oscar@example.org" in letter
        assert "/notices/" in letter

    def test_an_operator_lets_more_through(self, house, runner, ways, write):
        for _one in range(10):
            write()
        runner.drain()
        house.work(lambda request: let_more(request, 200))
        assert alarms.ceilings(house.registry) is None
        runner.drain()
        assert len(ways["un"].taken) == 7
        assert alarms.ceilings(house.registry) is not None
        state = house.work(spending)
        assert (state.hour_ceiling, state.day_ceiling) == (700, 1000)

    def test_what_costs_nothing_waits_behind_what_does(self, house, runner, ways, write):
        for _one in range(6):
            write()
        write("+33712345678")
        runner.drain()
        assert len(ways["un"].taken) == 5

    def test_what_no_ceiling_admits_has_failed(self, house, runner, ways, write):
        number = write(text="x" * 900)
        write()
        runner.drain()
        assert len(ways["un"].taken) == 1
        message = house.work(lambda r: exchange_of(r).messages[number])
        assert (message.state, message.detail) == (states.FAILED, "it costs more than a ceiling")

    def test_nor_is_sent_what_has_no_price(self, house, runner, ways, write):
        number = write("+32470123456")
        runner.drain()
        assert ways["un"].taken == []
        message = house.work(lambda r: exchange_of(r).messages[number])
        assert (message.state, message.detail) == (states.FAILED, "its price is not known")


class TestWhatIsNotSent:
    @pytest.mark.parametrize("error", [TryLater("nobody is there"), Refused("no such number")])
    def test_costs_nothing(self, house, runner, ways, write, error):
        def fail(_message):
            raise error

        for way in ways.values():
            way.answer = fail
        write()
        runner.drain()
        assert day_of(house) == (0, 0, 0, int(isinstance(error, Refused)))

    def test_what_is_in_doubt_does(self, house, runner, ways, write):
        def cut(_message):
            raise Uncertain("it was cut")

        ways["un"].answer = cut
        write()
        runner.drain()
        assert day_of(house) == (100, 1, 1, 0)

    def test_what_is_sent_once_more_is_paid_twice(self, house, runner, ways, write):
        ways["un"].answer = lambda message: (_ for _ in ()).throw(Uncertain("it was cut"))
        number = write()
        runner.drain()

        def again(request):
            Queue(request).decide(exchange_of(request).messages[number], again=True)

        house.work(again)
        runner.drain()
        assert day_of(house)[0] == 200

    def test_what_did_not_arrive_is_counted_once(self, house, runner, write):
        number = write()
        runner.drain()

        def bring(request):
            queue = Queue(request)
            queue.receive(queue.tree.messages[number], Receipt(states.FAILED, "", "7"))

        house.work(bring)
        house.work(bring)
        assert day_of(house) == (100, 1, 1, 1)


class TestSeveralWhoTake:
    """Transactions of two processes, which know nothing of each other."""

    def taking(self, house, most):
        """Begin a transaction that takes; return what commits it."""
        opened = made_request(house.registry)
        request = opened.__enter__()
        request.tm.begin()
        taken = Queue(request).take(f"of {id(request)}", most, LEASE)

        def commit():
            try:
                request.tm.commit()
            finally:
                opened.__exit__(None, None, None)

        return taken, commit

    def test_one_of_them_commits(self, house, write):
        for _one in range(5):
            write()
        first, commit_first = self.taking(house, 4)
        second, commit_second = self.taking(house, 4)
        assert (len(first), len(second)) == (4, 4)
        commit_first()
        with pytest.raises(Exception, match="onflict"):
            commit_second()
        assert len(house.work(lambda r: Queue(r).take("third", 9, LEASE))) == 1
        assert day_of(house)[0] == 500

    def test_even_where_they_take_different_messages(self, house, write):
        write()
        first, commit_first = self.taking(house, 1)
        write(until=2**53)
        second, commit_second = self.taking(house, 1)
        assert first[0].id != second[0].id
        commit_second()
        with pytest.raises(Exception, match="onflict"):
            commit_first()
        assert day_of(house)[0] == 100

    def test_what_is_only_counted_meanwhile_adds_up(self, house, write):
        write()
        house.work(lambda request: count(request, received=1))
        _taken, commit = self.taking(house, 1)
        house.work(lambda request: count(request, received=1, failed=2))
        commit()
        assert day_of(house) == (100, 1, 1, 2)
        assert house.work(lambda r: ledger_of(r).day.received) == 2


class TestPace:
    @pytest.fixture(autouse=True)
    def limited(self, house):
        house.registry.settings["sms.hour_ceiling"] = 10_000
        house.registry.settings["sms.day_ceiling"] = 10_000
        house.registry.settings["sms.number_totals"] = ((2, 60_000),)
        house.registry.settings["sms.prefix_totals"] = ((3, 3_600_000),)

    def test_all_together_a_number_has_two_a_minute(self, house, runner, ways, write, pass_by):
        for _one in range(3):
            write()
        runner.drain()
        assert len(ways["un"].taken) == 2
        pass_by(timedelta(seconds=58))
        runner.drain()
        assert len(ways["un"].taken) == 2
        pass_by(timedelta(seconds=3))
        runner.drain()
        assert len(ways["un"].taken) == 3

    def test_numbers_that_begin_alike_have_three_an_hour(
        self, house, runner, ways, write, pass_by
    ):
        for last in range(5):
            write(f"+3361234567{last}")
        write("+33611111111")
        runner.drain()
        assert [sent.number[:FIRST] for sent in ways["un"].taken] == ["+3361234"] * 3 + [
            "+3361111"
        ]
        pass_by(HOUR + timedelta(seconds=1))
        runner.drain()
        assert len(ways["un"].taken) == 6

    def test_a_message_that_is_tried_again_counts_once(self, house, runner, ways, write):
        for way in ways.values():
            way.answer = lambda message: (_ for _ in ()).throw(TryLater("no", 0, fault=False))
        ways["un"].answer = lambda message: (
            "ref"
            if len(ways["un"].taken) > 4
            else (_ for _ in ()).throw(TryLater("slowly", 0, fault=False))
        )
        write()
        runner.drain()
        assert len(ways["un"].taken) == 5

    def test_codes_to_ones_own_number_are_held_up_by_nobody(self, house, runner, ways, write):
        def own(request):
            key = request.find_service(ISeals).hmac(OWNER, b"+33612345678")
            exchange_of(request).owners[key] = house.ines

        house.work(own)
        for _one in range(2):
            write()
        write(until=2**53, purpose="code")
        write(until=2**53, purpose="code")
        runner.drain()
        assert len(ways["un"].taken) == 4

    def test_it_holds_across_processes_and_restarts(self, house, write, ways, runner):
        write()
        write()
        runner.drain()
        write()
        house.reboot(["sms"])
        house.registry.settings["sms.number_totals"] = ((2, 60_000),)
        with Slow(NOON).hung_in(house):
            assert house.work(lambda r: Queue(r).take("another", 9, LEASE)) == []


class TestCodes:
    def test_operators_are_told_once_a_day_where_few_are_typed_in(self, house, told):
        house.work(lambda request: count(request, codes=20))
        assert alarms.codes(house.registry) is not None
        for _one in range(2):
            house.work(lambda request: alarms.look_at_codes(request, {}))
        assert told() == 1
        house.work(lambda request: count(request, proven=6))
        assert alarms.codes(house.registry) is None

    def test_few_codes_mean_nothing(self, house):
        house.work(lambda request: count(request, codes=19))
        assert alarms.codes(house.registry) is None


def test_days_of_old_are_forgotten(house):
    def make(request):
        ledger = ledger_of(request)
        ledger.tree.days[ledger.number // 24 - 500] = Day()
        ledger.tree.days[ledger.number // 24 - 100] = Day()
        alarms.look_at_codes(request, {})
        return len(ledger.tree.days)

    assert house.work(make) == 1
