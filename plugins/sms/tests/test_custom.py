"""A provider that a line of the settings describes: what it is asked, and what it brings."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import colander
import pytest

from communicate_sms import states
from communicate_sms.transports import passing
from communicate_sms.transports.passing import Call, Outgoing, Transport
from communicate_sms.ways import Ways, calling

from .operators import operator, saying

NODE = colander.SchemaNode(colander.String(), name="ways")
SECRET = "un secret assez long"
MESSAGE = Outgoing(
    "+33612345678", "À ce soir & $token", "2communicate", "jeton", "https://site.example/r/jeton"
)
FORM = (
    'p http url="$there/send/$user" fields="to=$digits&text=$text&from=$sender" '
    'receipts="callback=$receipts" user=moi password=clé header="X-Key: $password" '
    "path=messages.0.id verdict=messages.0.code taken=0 busy=7,8 sender=2communicate "
)
BRINGS = (
    f'secret="{SECRET}" receipt="state:data.state id:data.id code:data.code" '
    'states="ok:delivered ko:failed" incoming="from:msisdn to:to text:text id:id series:ref '
    'total:parts part:part" '
)


def transport(line: str, there: str = "https://sms.example", more: str = "") -> Transport:
    """Return what the *line* describes, of an operator who is *there*."""
    (way,) = Ways().read(NODE, line.replace("$there", there) + more)
    found = calling(way)
    assert found is not None
    return found


def test_a_form_is_filled_and_what_leaves_is_what_the_line_says() -> None:
    answer = json.dumps({"messages": [{"id": "m-1", "code": 0}]}).encode()
    with operator(saying(200, answer)) as there:
        assert transport(FORM, there.url).send(MESSAGE) == "m-1"
        transport(FORM, there.url).send(MESSAGE._replace(receipts=""))
    first, second = there.asked
    assert (first.method, first.target) == ("POST", "/send/moi")
    assert first.headers["x-key"] == "clé"
    fields = {key: what[0] for key, what in parse_qs(first.body.decode()).items()}
    assert fields == {
        "to": "33612345678",
        "text": MESSAGE.text,
        "from": "2communicate",
        "callback": MESSAGE.receipts,
    }
    assert b"callback" not in second.body


def test_json_is_filled_inside() -> None:
    fields = '{"to": ["$number"], "body": {"text": "$text", "kind": "$type"}, "price": "$$1"}'
    line = f"p http url=$there/v1 fields='{fields}' sender=x path=id"
    with operator(saying(201, b'{"id": 17}')) as there:
        assert transport(line, there.url).send(MESSAGE) == "17"
    (asked,) = there.asked
    assert asked.method == "POST"
    assert json.loads(asked.body) == {
        "to": ["+33612345678"],
        "body": {"text": MESSAGE.text, "kind": "unicode"},
        "price": "$1",
    }


def test_a_query_is_filled() -> None:
    line = 'p http url=$there/send method=GET fields="n=$number&t=$text" sender=x'
    with operator(saying(200, b"OK")) as there:
        assert transport(line, there.url).send(MESSAGE) == ""
    (asked,) = there.asked
    assert parse_qs(urlsplit(asked.target).query) == {"n": ["+33612345678"], "t": [MESSAGE.text]}


@pytest.mark.parametrize(
    ("code", "error"),
    [("7", passing.TryLater), ("5", passing.Refused), ("", passing.Refused)],
)
def test_what_it_answers_means_what_the_line_says(code: str, error: type[Exception]) -> None:
    answer = json.dumps({"messages": [{"id": "m-1", "code": code}]}).encode()
    with operator(saying(200, answer)) as there, pytest.raises(error):
        transport(FORM, there.url).send(MESSAGE)


def called(fields: dict[str, Any], **headers: str) -> Call:
    """Return a call that brings *fields* as JSON."""
    named = {name.replace("_", "-"): what for name, what in headers.items()}
    return Call("https://site.example/texting/incoming/p", {}, named, json.dumps(fields).encode())


class TestWhatItBrings:
    RECEIPT = {"data": {"state": "ok", "id": "m-1", "code": 12}}

    def test_is_found_by_the_names_in_the_line(self) -> None:
        there = transport(FORM + BRINGS)
        assert not there.signed
        found = there.parse_receipt(called(self.RECEIPT))
        assert found == passing.Receipt(states.DELIVERED, "m-1", "12")
        fields = {"msisdn": 33612345678, "to": "38000", "text": "Oui", "id": "a"}
        assert there.parse_incoming(called(fields)) == passing.Incoming(
            "+33612345678", "38000", "Oui", "a"
        )
        parted = there.parse_incoming(called({**fields, "ref": "9", "parts": "3", "part": 2}))
        assert parted.part == passing.Part(9, 3, 2)
        torn = there.parse_incoming(called({**fields, "text": "Oui \ud83d"}))
        assert torn.text == "Oui \N{REPLACEMENT CHARACTER}"

    @pytest.mark.parametrize(
        "fields",
        [{}, {"data": {"state": "maybe"}}, {"data": []}, {"data": {"state": None}}, {"data": 7}],
    )
    def test_what_is_not_there_is_unreadable(self, fields: dict[str, Any]) -> None:
        there = transport(FORM + BRINGS)
        for parse in (there.parse_receipt, there.parse_incoming):
            with pytest.raises(passing.Unreadable):
                parse(called(fields))

    @pytest.mark.parametrize("made", [lambda one: one.hex(), lambda one: f"sha256={one.hex()}",
                                      lambda one: base64.b64encode(one).decode()])  # fmt: skip
    def test_is_signed_in_a_header(self, made: Any) -> None:
        there = transport(FORM + BRINGS, more="signature=X-Signature")
        assert there.signed
        call = called(self.RECEIPT)
        digest = hmac.digest(SECRET.encode(), call.body, hashlib.sha256)
        signed = call._replace(headers={"x-signature": made(digest)})
        assert there.parse_receipt(signed).state == states.DELIVERED
        for forged in (
            call,
            signed._replace(body=call.body.replace(b"ok", b"ko")),
            signed._replace(body=b"", fields={"data.state": "ok"}),
            signed._replace(headers={"x-signature": "\udcff"}),
        ):
            with pytest.raises(passing.Forged):
                there.parse_receipt(forged)

    def test_is_signed_as_a_standard_webhook(self) -> None:
        # The example of https://github.com/standard-webhooks/standard-webhooks, but for the time.
        key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        line = FORM + BRINGS.replace(SECRET, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        there = transport(line, more="signature=standard-webhooks")

        def signed(age: int, name: str = "msg_1") -> Call:
            when = str(int(time.time()) - age)
            call = called(self.RECEIPT)
            digest = hmac.digest(key, f"{name}.{when}.".encode() + call.body, hashlib.sha256)
            made = f"v1,bm9uZQ== v1,{base64.b64encode(digest).decode()} v1a,x"
            return call._replace(
                headers={
                    "webhook-id": name,
                    "webhook-timestamp": when,
                    "webhook-signature": made,
                }
            )

        assert there.parse_receipt(signed(0)).state == states.DELIVERED
        fresh = signed(0)
        later = {**fresh.headers, "webhook-timestamp": str(int(time.time()) + 1)}
        for forged in (
            signed(400),
            signed(-400),
            signed(0, name=""),
            fresh._replace(headers=later),
            fresh._replace(headers={}),
            fresh._replace(body=fresh.body + b" "),
        ):
            with pytest.raises(passing.Forged):
                there.parse_receipt(forged)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("method=PATCH", "POST, GET"),
        ('header="X-Key"', "Name: value"),
        ('header="X-Key: $secret"', "may have"),
        ('header="X-Key: $text"', "may have"),
        ('receipts=\'{"a": "b"}\'', "written as fields"),
        ("secret=short", "16 characters"),
        ("signature=X-Signature", "needs the secret"),
        ('states="ok:arrived"', "none of sent"),
        ('incoming="number:x"', "none of from"),
        ("incoming=msisdn", "name:value"),
        ("receipt=:x", "name:value"),
        ("signature=standard-webhooks secret=whsec_not-in-base-64", "way"),
        ("colour=blue", "cannot have colour"),
    ],
)
def test_what_is_wrong_in_a_line_is_said(more: str, said: str) -> None:
    with pytest.raises(colander.Invalid, match=said):
        Ways().read(NODE, f'p http url=https://x fields="to=$number&t=$text" sender=x {more}')


@pytest.mark.parametrize(
    "fields", ['"to=$phone"', '"to"', "'{\"to\": }'", '"to=$"', '\'{"a": ["$nobody"]}\'']
)
def test_fields_that_are_none_are_refused(fields: str) -> None:
    with pytest.raises(colander.Invalid):
        Ways().read(NODE, f"p http url=https://x fields={fields} sender=x")
