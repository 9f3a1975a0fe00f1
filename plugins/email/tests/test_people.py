"""Whom a field names, and how headers hold them: nothing typed adds a person or a line."""

from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate_email import mime
from communicate_email.people import Person, field, named, phrase, typed

LUCE = "luce@elsewhere.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("paul, zoe", [("", "paul"), ("", "zoe")]),
        ("paul zoe;ines\nlou", [("", "paul"), ("", "zoe"), ("", "ines"), ("", "lou")]),
        (f"Luce <{LUCE}>, paul", [("Luce", LUCE), ("", "paul")]),
        (f'"Bernard, Luce; dite \\"Lu\\"" <{LUCE}>', [('Bernard, Luce; dite "Lu"', LUCE)]),
        (f"<{LUCE}>", [("", LUCE)]),
        (f"a@b.example <{LUCE}>", [("a@b.example", LUCE)]),
        ('"open, paul', [("", '"open,'), ("", "paul")]),
        ("Luce <a@b.example, c@d.example>", [("Luce", "a@b.example, c@d.example")]),
    ],
)
def test_what_is_typed_names_people(text, found):
    assert typed(text) == found


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text):
    for name, address in typed(text):
        assert name == named(name)
        assert "\n" not in address


NAMES = st.text(max_size=260).filter(lambda name: named(name) == name)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_names_come_back_from_fields_and_from_headers_as_they_were(names):
    people = [Person(name, f"p{number}@elsewhere.example") for number, name in enumerate(names)]
    assert typed(", ".join(map(str, people))) == people
    raw = field("To", people).encode() + b"\r\n"
    lines = raw.decode().split("\r\n")
    assert all(line.startswith((" ", "To: ")) for line in lines if line)
    assert all(line.isascii() for line in lines)
    own = mime.shown(mime.read(raw)).to
    assert [(one.name, one.address) for one in own] == people
    theirs = message_from_bytes(raw, policy=default)["To"].addresses
    assert [one.addr_spec for one in theirs] == [one.address for one in people]


@pytest.mark.parametrize(
    "name",
    [
        "x\r\nBcc: all@elsewhere.example",
        'x" <evil@elsewhere.example>, "',
        "x <evil@elsewhere.example>",
        "=?utf-8?q?x_=3Cevil=40elsewhere.example=3E=2C?=",
        "\u202egnp.erohs@x\u202c",
    ],
)
def test_a_name_adds_nobody_and_no_line(name):
    raw = field("From", [Person(name, LUCE)]).encode() + b"\r\nBonjour\r\n"
    message = message_from_bytes(raw, policy=default)
    assert message.keys() == ["From"]
    assert [one.addr_spec for one in message["From"].addresses] == [LUCE]
    assert not set("\r\n\u202e") & set(phrase(name).replace("\r\n ", ""))
