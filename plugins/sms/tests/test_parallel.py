"""Fifty who send at once: what was one too many for one of them is for all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from communicate.interfaces import IMembers
from communicate.storage.work import work
from communicate.testing.house import House
from communicate_sms import states
from communicate_sms.allowance import AGAIN, QUOTA
from communicate_sms.errors import Declined
from communicate_sms.interfaces import IAllowance, ITexts
from communicate_sms.queue import exchange_of
from communicate_sms.reach import ToNumber
from communicate_sms.runner import Runner
from communicate_sms.spending import ledger_of

from .conftest import WAYS, Slow, Way

COUNT = 50
TRIES = 100  # of a transaction that meets others: requests are fewer at once, and have ten


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Yield a site with fifty members, where a part costs 0.10, and an hour 2."""
    made = House(
        tmp_path_factory.mktemp("site"),
        ["sms"],
        {"sms.ways": WAYS, "sms.hour_ceiling": 2, "sms.member_parts": 20},
    )
    made.everybody = made.work(join)
    yield made
    made.close()


def join(request):
    """Make members, none of whom signs in; return their uids."""
    members = request.find_service(IMembers)
    return [
        members.add(f"m{number:03}", f"m{number:03}@example.org", "no hash", hashed=True).uid
        for number in range(COUNT)
    ]


@pytest.fixture
def house(house):
    """Yield the site, at noon; have it forget what was counted."""
    with Slow(datetime(2035, 5, 3, 12, tzinfo=UTC)).hung_in(house):
        yield house

    def forget(request):
        tree = exchange_of(request)
        for kept in (tree.spent, tree.paces, tree.days):
            kept.clear()

    house.work(forget)


def at_once(house, acts):
    """Do all *acts* at once, in threads of their own; return why each was declined, or None."""

    def one(act):
        try:
            work(house.registry, act, tries=TRIES)
        except Declined as error:
            return error.reason
        return None

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, acts))


def sending(uid, number, text="Bonjour"):
    """Return what has *uid* write to *number*."""
    return lambda request: request.find_service(ITexts).send(uid, ToNumber(number), text)


def test_one_member_sends_no_more_parts_than_a_member_may(house):
    uid = house.everybody[0]
    said = at_once(house, [sending(uid, f"+336{number}134567") for number in range(10, 60)])
    assert said.count(None) == 20
    assert said.count(QUOTA) == 30
    assert house.work(lambda r: r.find_service(IAllowance).left(uid)) == 0
    assert house.work(lambda r: len(exchange_of(r).messages)) == 20


def test_one_member_writes_once_a_minute_to_a_number(house):
    said = at_once(house, [sending(house.everybody[1], "+33612345678")] * COUNT)
    assert said.count(None) == 1
    assert said.count(AGAIN) == COUNT - 1


def test_fifty_members_write_to_one_number_and_it_has_two_a_minute(house):
    said = at_once(house, [sending(uid, "+33612345678") for uid in house.everybody])
    assert said == [None] * COUNT
    assert len(left(house)) == 2


def test_fifty_members_and_three_who_send_never_spend_more_than_there_is(house):
    acts = [sending(uid, f"+336{number}134567") for number, uid in enumerate(house.everybody, 10)]
    assert at_once(house, acts) == [None] * COUNT
    assert len(left(house, senders=3)) == 20
    assert house.work(lambda request: sum(ledger_of(request).day.hours)) == 2000
    found = house.work(
        lambda r: sorted(message.state for message in exchange_of(r).messages.values())
    )
    assert found == [states.WAITING] * 30 + [states.SENT] * 20


def left(house, senders=1):
    """Have *senders* send at once, each as in a process of its own; return what has left."""
    ways = {name: Way(name) for name in ("un", "deux")}
    runners = [
        Runner(house.registry, ways, dict.fromkeys(ways, "2c"), "") for _one in range(senders)
    ]

    def drain(runner):
        for _time in range(20):
            runner.drain()
        runner.end()

    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(drain, runners))
    return [message.text for way in ways.values() for message in way.taken]
