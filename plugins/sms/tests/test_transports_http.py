"""Providers over HTTP: exactly what is allowed leaves, and each answer means one thing."""

import base64
import dataclasses
import hashlib
import hmac
import json
import socket
import ssl
import time
from typing import Any
from urllib.parse import parse_qs

import pytest

from communicate_sms import states
from communicate_sms.transports import passing, wire
from communicate_sms.transports.http import HTTPTransport, Keys, Provider, at, filled
from communicate_sms.transports.passing import Call, Outgoing
from communicate_sms.transports.profiles import PROVIDERS

from .operators import Asked, operator, saying

KEYS = Keys("compte", "mot-de-passe", "sms-ab123-1", "secret-partagé")
MESSAGE = Outgoing(
    "+33612345678",
    "À ce soir, $user ! 100 % & plus",
    "2communicate",
    "jeton-de-hasard",
    "https://site.example/sms/receipts/jeton-de-hasard",
)
TAKEN = {
    "twilio": (201, {"sid": "SM1", "status": "queued"}, "SM1"),
    "vonage": (200, {"messages": [{"status": "0", "message-id": "V1"}]}, "V1"),
    "ovh": (200, {"ids": [17], "validReceivers": ["+33612345678"], "invalidReceivers": []}, "17"),
}


def transport(name: str, base: str) -> HTTPTransport:
    """Return the provider *name*, at the operator of the test instead of its own address."""
    return HTTPTransport(name, PROVIDERS[name].at(base), KEYS)


def said(asked: Asked) -> dict[str, Any]:
    """Return the fields of a request."""
    if asked.headers["content-type"] == "application/json":
        return dict(json.loads(asked.body))
    return {key: what[0] for key, what in parse_qs(asked.body.decode()).items()}


@pytest.mark.parametrize("name", PROVIDERS)
def test_what_leaves_is_number_text_sender_and_token_and_nothing_else(name: str) -> None:
    status, answer, reference = TAKEN[name]
    with operator(saying(status, json.dumps(answer).encode())) as there:
        assert transport(name, there.url).send(MESSAGE) == reference
    (asked,) = there.asked
    assert (
        said(asked)
        == {
            "twilio": {
                "To": MESSAGE.number,
                "From": MESSAGE.sender,
                "Body": MESSAGE.text,
                "StatusCallback": MESSAGE.receipts,
            },
            "vonage": {
                "api_key": KEYS.user,
                "api_secret": KEYS.password,
                "to": "33612345678",
                "from": MESSAGE.sender,
                "text": MESSAGE.text,
                "type": "unicode",
                "callback": MESSAGE.receipts,
            },
            "ovh": {
                "receivers": [MESSAGE.number],
                "message": MESSAGE.text,
                "sender": MESSAGE.sender,
                "noStopClause": True,
            },
        }[name]
    )
    keys = {"twilio": {"authorization"}, "vonage": set(), "ovh": ovh_headers()}[name]
    assert set(asked.headers) - keys == {
        "host",
        "accept-encoding",
        "accept",
        "content-length",
        "content-type",
    }


def ovh_headers() -> set[str]:
    return {f"x-ovh-{what}" for what in ("application", "consumer", "timestamp", "signature")}


def test_ovh_is_signed_as_it_asks() -> None:
    with operator(saying(200, json.dumps(TAKEN["ovh"][1]).encode())) as there:
        transport("ovh", there.url).send(MESSAGE)
    (asked,) = there.asked
    url = f"{there.url}{asked.target}"
    assert asked.target == "/1.0/sms/sms-ab123-1/jobs"
    now = asked.headers["x-ovh-timestamp"]
    plain = f"{KEYS.password}+{KEYS.secret}+POST+{url}+{asked.body.decode()}+{now}"
    digest = hashlib.sha1(plain.encode()).hexdigest()  # noqa: S324
    assert asked.headers["x-ovh-signature"] == f"$1${digest}"


def test_without_an_address_for_receipts_none_is_asked_for() -> None:
    with operator(saying(201, b'{"sid": "SM1"}')) as there:
        transport("twilio", there.url).send(MESSAGE._replace(receipts=""))
    assert "StatusCallback" not in said(there.asked[0])


@pytest.mark.parametrize(
    ("name", "status", "body", "error"),
    [
        ("vonage", 200, b'{"messages": [{"status": "1"}]}', passing.TryLater),  # throttled
        ("vonage", 200, b'{"messages": [{"status": "6"}]}', passing.Refused),
        ("vonage", 200, b'{"messages": []}', passing.Uncertain),
        ("vonage", 200, b"<html>Welcome</html>", passing.Uncertain),
        ("vonage", 200, b"[" * 60_000, passing.Uncertain),
        ("ovh", 200, b'{"ids": [], "invalidReceivers": ["+336"]}', passing.Refused),
        ("twilio", 400, b'{"code": 21211}', passing.Refused),
        ("twilio", 401, b"", passing.TryLater),  # a wrong password: operators mend it
        ("twilio", 429, b"", passing.TryLater),
        ("twilio", 503, b"", passing.TryLater),
        ("twilio", 500, b"", passing.Uncertain),
        ("twilio", 302, b"", passing.Uncertain),  # never followed elsewhere
        ("twilio", 201, b"x" * (wire.LONGEST + 1), passing.Uncertain),
    ],
)
def test_what_an_answer_means(name: str, status: int, body: bytes, error: type[Exception]) -> None:
    with (
        operator(saying(status, body, Location="http://elsewhere.example/")) as there,
        pytest.raises(error),
    ):
        transport(name, there.url).send(MESSAGE)
    assert len(there.asked) == 1


def test_a_provider_says_when_it_is_to_be_asked_again() -> None:
    with (
        operator(saying(429, Retry_After="7")) as there,
        pytest.raises(passing.TryLater) as caught,
    ):
        transport("twilio", there.url).send(MESSAGE)
    assert caught.value.seconds == 7


def test_where_nobody_listens_nothing_has_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(passing.TryLater):
        wire.call("POST", f"http://127.0.0.1:{port}/", b"text")


def test_where_tls_fails_nothing_has_left() -> None:
    with operator(saying(200)) as there, pytest.raises(passing.TryLater):
        wire.call("POST", there.url.replace("http:", "https:"), b"text")
    assert there.asked == []
    assert ssl.create_default_context().check_hostname


def test_an_operator_who_never_answers_leaves_it_uncertain() -> None:
    def hang(_asked: Asked, _handler: Any) -> None:
        there.over.wait(30)

    with operator(hang) as there, pytest.raises(passing.Uncertain):
        wire.call("POST", there.url, b"text", patience=0.3)


def test_an_operator_who_answers_drop_by_drop_is_cut_short() -> None:
    def drip(_asked: Asked, handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not there.over.wait(0.05):
            handler.wfile.write(b".")
            handler.wfile.flush()

    began = time.monotonic()
    with operator(drip) as there, pytest.raises(passing.Uncertain):
        wire.call("POST", there.url, b"text", patience=0.5)
    assert time.monotonic() - began < 10


def test_an_operator_who_hangs_up_leaves_it_uncertain() -> None:
    def hang_up(_asked: Asked, handler: Any) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    with operator(hang_up) as there, pytest.raises(passing.Uncertain):
        wire.call("POST", there.url, b"text")


def test_twilio_signs_what_it_brings() -> None:
    url = "https://site.example/sms/receipts/jeton"
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+33612345678"}
    plain = url + "".join(key + fields[key] for key in sorted(fields))
    digest = hmac.new(KEYS.password.encode(), plain.encode(), hashlib.sha1).digest()
    headers = {"x-twilio-signature": base64.b64encode(digest).decode()}
    there = transport("twilio", "http://127.0.0.1:9")
    call = Call(url, fields, headers)
    assert there.parse_receipt(call) == passing.Receipt(states.DELIVERED, "SM1")
    for forged in (
        call._replace(headers={}),
        call._replace(fields={**fields, "MessageStatus": "failed"}),
        call._replace(url=url + "x"),
        call._replace(headers={"x-twilio-signature": "\udcff"}),
    ):
        with pytest.raises(passing.Forged):
            there.parse_receipt(forged)


def signed_by_vonage(fields: dict[str, str]) -> dict[str, str]:
    """Return *fields* with the signature that Vonage adds."""
    plain = "".join(f"&{key}={fields[key]}" for key in sorted(fields))
    sig = hmac.new(KEYS.secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
    return {**fields, "sig": sig.upper()}


def test_vonage_signs_what_it_brings_for_five_minutes() -> None:
    there = transport("vonage", "http://127.0.0.1:9")
    fields = {
        "messageId": "V1",
        "status": "expired",
        "err-code": "5",
        "timestamp": str(int(time.time())),
        "nonce": "abc",
    }
    call = Call("https://site.example/sms/receipts/jeton", signed_by_vonage(fields), {})
    assert there.parse_receipt(call) == passing.Receipt(states.FAILED, "V1", "5")
    old = signed_by_vonage({**fields, "timestamp": str(int(time.time()) - 301)})
    for forged in (fields, {**call.fields, "status": "delivered"}, old):
        with pytest.raises(passing.Forged):
            there.parse_receipt(call._replace(fields=forged))


def test_vonage_brings_messages_as_json_too() -> None:
    fields = signed_by_vonage(
        {
            "msisdn": "33612345678",
            "to": "33700000000",
            "messageId": "V2",
            "text": "STOP",
            "timestamp": str(int(time.time())),
            "nonce": "x",
        }
    )
    provider = dataclasses.replace(PROVIDERS["vonage"], check=None)
    there = HTTPTransport("vonage", provider, KEYS)
    call = Call("https://site.example/", {}, {}, json.dumps(fields).encode())
    made = there.parse_incoming(call)
    assert made == passing.Incoming("+33612345678", "33700000000", "STOP", "V2")


@pytest.mark.parametrize("body", [b"{", b'{"a":' * 5000, b'{"text": "no number"}'])
def test_what_cannot_be_read_is_said_to_be(body: bytes) -> None:
    there = HTTPTransport("any", Provider(url="http://x", fields={}), KEYS)
    for parse in (there.parse_receipt, there.parse_incoming):
        with pytest.raises(passing.Unreadable):
            parse(Call("https://site.example/", {}, {}, body))


def test_a_place_in_what_fills_a_place_stays_as_it_is() -> None:
    assert filled({"a": ["$text"]}, {"text": "$password", "password": "x"}) == {"a": ["$password"]}
    assert at({"a": 1}, "") is None
