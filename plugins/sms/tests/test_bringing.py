"""Operators bring receipts over HTTP: what proves nothing is refused, and nothing goes back."""

import re
import time
from urllib.parse import urlencode

import pytest
from webtest import TestApp

from communicate.interfaces import ILimits
from communicate_sms import calls, states
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.runner import Runner
from communicate_sms.transports.kannel import Kannel

from .conftest import Way, forget_all


@pytest.fixture
def house(called):
    """Yield the site, and forget afterwards what came to be there."""
    yield called
    called.work(forget_all)
    called.work(lambda request: request.find_service(ILimits).storage.reset())


@pytest.fixture
def phone(house):
    """Return what calls the site, without a cookie or a token of a form."""
    return TestApp(house.app, extra_environ={"HTTP_HOST": "evil.example"})


@pytest.fixture
def sent(house):
    """Return a function that sends a message and returns its id and token."""
    way = Way("k")
    runner = Runner(house.registry, {"k": way}, {"k": "x"}, "http://localhost/texting/receipts/")

    def send(number="+33612345678"):
        queued = house.work(lambda request: Queue(request).add(house.ines, number, "Oui").id)
        runner.drain()
        return queued, way.taken[-1].token

    yield send
    runner.end()


def state(house, number):
    """Return how far the message *number* has come."""
    return house.work(lambda request: exchange_of(request).messages[number].state)


class TestReceipts:
    def test_one_is_written_down_and_nothing_is_answered(self, house, phone, sent):
        number, token = sent()
        answer = phone.get(f"/texting/receipts/k/{token}?state=8&said=OK")
        assert (answer.body, answer.content_type) == (b"", "text/plain")
        assert "Set-Cookie" not in answer.headers
        assert state(house, number) == states.SENT
        phone.post(f"/texting/receipts/k/{token}", {"state": "1"})
        assert state(house, number) == states.DELIVERED

    def test_brought_again_or_in_another_order_it_changes_nothing(self, house, phone, sent):
        number, token = sent()
        for said in ("1", "8", "1", "2", "16"):
            phone.get(f"/texting/receipts/k/{token}?state={said}")
        assert state(house, number) == states.DELIVERED

    def test_for_what_is_forgotten_it_is_taken_so_that_it_is_not_brought_again(
        self, house, phone, sent
    ):
        _number, token = sent()
        house.work(forget_all)
        for _ in range(8):
            phone.get(f"/texting/receipts/k/{token}?state=1", status=200)

    def test_what_kannel_does_not_say_is_named(self, house, phone, sent):
        _number, token = sent()
        answer = phone.get(f"/texting/receipts/k/{token}?state=3", status=400)
        assert "no state that Kannel knows" in answer.text

    @pytest.mark.parametrize(
        "change",
        [
            lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
            lambda token: ("A" if token[0] != "A" else "B") + token[1:],
            lambda token: token[:-1],
            lambda token: token + "A",
            lambda token: token + "/A",
            lambda token: "",
            lambda token: "%C3%A9" * 40,
            lambda token: "A" * 5000,
        ],
    )
    def test_a_token_that_is_none_is_refused(self, house, phone, sent, change):
        number, token = sent()
        answer = phone.get(f"/texting/receipts/k/{change(token)}?state=1", status=404)
        assert answer.content_type == "text/plain"
        assert "Set-Cookie" not in answer.headers
        assert state(house, number) == states.SENT

    @pytest.mark.parametrize("way", ["t", "f", "x", "K", "k%00"])
    def test_a_token_of_another_way_is_none(self, house, phone, sent, way):
        number, token = sent()
        phone.get(f"/texting/receipts/{way}/{token}?state=1", status=[400, 403, 404])
        assert state(house, number) == states.SENT

    def test_only_get_and_post_bring_anything(self, house, phone, sent):
        number, token = sent()
        for method in ("PUT", "DELETE", "HEAD", "PATCH"):
            answer = phone.request(
                f"/texting/receipts/k/{token}?state=1", method=method, status=405
            )
            assert answer.headers["Allow"] == "GET, POST"
        assert state(house, number) == states.SENT

    def test_too_much_is_refused(self, house, phone, sent):
        number, token = sent()
        address = f"/texting/receipts/k/{token}"
        body = urlencode({"state": "1", "more": "x" * calls.LONGEST})
        answer = phone.post(address, body, status=413)
        assert "65536 octets" in answer.text
        phone.post(address, "x" * 400_000, status=413)
        phone.get(f"{address}?state=1&state=1", status=400)
        files = [("state", "state.txt", b"1")]
        phone.post(address, {}, upload_files=files, status=400)
        assert state(house, number) == states.SENT


@pytest.mark.parametrize("name", ["sig", "text", "\\ud800"])
def test_half_a_character_in_json_proves_nothing(house, phone, name):
    body = f'{{"timestamp": "{int(time.time())}", "{name}": "\\ud800"}}'
    headers = {"Content-Type": "application/json"}
    phone.post("/texting/incoming/v", body, headers=headers, status=403)


class TestWhoGuesses:
    def test_is_not_listened_to_for_a_while(self, house, phone, sent):
        number, token = sent()
        for _ in range(5):
            phone.get(f"/texting/receipts/k/{'A' * 40}?state=1", status=404)
        answer = phone.get(f"/texting/receipts/k/{'A' * 40}?state=1", status=429)
        assert int(answer.headers["Retry-After"]) > 0
        phone.get(f"/texting/receipts/k/{token}?state=1", status=429)
        other = TestApp(house.app, extra_environ={"REMOTE_ADDR": "192.0.2.7"})
        other.get(f"/texting/receipts/k/{token}?state=1", status=200)
        assert state(house, number) == states.DELIVERED


def test_what_leaves_for_receipts_is_what_comes_back():
    """Kannel calls the address that it was given, with two fields more."""
    from communicate_sms.transports.kannel import _receipt_url

    address = "http://localhost/texting/receipts/k/" + "A" * 40
    assert re.fullmatch(re.escape(address) + r"\?state=%d&said=%A", _receipt_url(address))
    assert Kannel("k", "", "", "").answer == ("text/plain", "")
