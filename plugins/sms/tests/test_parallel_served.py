"""Fifty browsers of one member that send at once to a served site: limits and ceilings hold."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from communicate.interfaces import ISeals
from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House
from communicate.testing.server import Server
from communicate_sms.books import made_book
from communicate_sms.content import Number
from communicate_sms.queue import exchange_of

COUNT = 50
SETTINGS = {
    "sms.ways": "un file path=un.jsonl sender=2communicate",
    "sms.prices": "+33 0.10",
    "sms.hour_ceiling": "1",
    "sms.day_ceiling": "1",
    "sms.member_parts": "20",
    "new_account_days": "0",
}
NEW = "/members/ines/sms/new"


@pytest.fixture
def server(tmp_path):
    """Yield a served site with a member whose number is proven."""
    folder = tmp_path / "site"
    server = Server(folder, "sms", **SETTINGS)
    before = os.umask(0o077)
    house = House(folder, ["sms"], SETTINGS)
    uid = house.member("ines")

    def prove(request):
        sealed = request.find_service(ISeals).seal(uid, "sms.number", "+33687654321")
        made_book(request, uid).number = Number(sealed, b"key", 0)

    house.work(prove)
    house.close()
    os.umask(before)
    with server.start():
        yield server


def sent(folder):
    """Return the numbers to which something has left."""
    path = folder / "var" / "un.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line)["number"] for line in lines]


def until(true):
    last = time.monotonic() + 120
    while not true():
        assert time.monotonic() < last
        time.sleep(0.05)


@pytest.mark.slow
def test_no_more_is_sent_than_one_may_nor_spent_than_there_is(server):
    browser = Client(server.port)
    browser.sign_in("ines", PASSWORD)
    browser.close()

    def write(number):
        one = Client(server.port)
        one.cookies = dict(browser.cookies)
        try:
            return one.submit(NEW, seen=number, to=number, text="Bonjour", send="send").status
        finally:
            one.close()

    numbers = [f"+336{at}134567" for at in range(10, 10 + COUNT)]
    with ThreadPoolExecutor(COUNT) as pool:
        answers = list(pool.map(write, numbers))
    assert sorted(answers) == [303] * 20 + [400] * 30
    until(lambda: len(sent(server.folder)) >= 10)
    server.stop()
    server.start()
    assert write("+33699999999") == 400
    server.stop()
    found = sent(server.folder)
    assert len(set(found)) == len(found)
    assert set(found) <= {
        one for one, answer in zip(numbers, answers, strict=True) if answer == 303
    }
    house = House(server.folder, ["sms"], SETTINGS)
    costs = house.work(lambda r: [sum(day.hours) for day in exchange_of(r).days.values()])
    house.close()
    assert max(costs) == 1000
    assert sum(costs) == 100 * len(found)
