"""Whose an address is: nothing is decided by one that can be read in two ways."""

import pytest

from communicate_email import mime


def addresses(value):
    return [(each.name, each.address, each.odd) for each in mime.addresses(value)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"ines@example.org", [("", "ines@example.org", False)]),
        (b"Ines <ines@example.org>", [("Ines", "ines@example.org", False)]),
        (b'"Roc, Ines" <i@example.org>', [("Roc, Ines", "i@example.org", False)]),
        (b'"a \\"b\\" c" <i@example.org>', [('a "b" c', "i@example.org", False)]),
        (b"i@example.org (Ines)", [("Ines", "i@example.org", False)]),
        (b"Ines <i@[192.0.2.1]>", [("Ines", "i@[192.0.2.1]", False)]),
        (b"G: a@x.org, b@y.org;, c@z.org", [("", "a@x.org", False), ("", "b@y.org", False),
                                            ("", "c@z.org", False)]),
        (b"undisclosed-recipients:;", []),
        (b" , a@x.org,,", [("", "a@x.org", False)]),
        (b'"a@b"@example.org', [("", '"a@b"@example.org', False)]),
        ("Zoé <zoé@exämple.org>".encode(), [("Zoé", "zoé@exämple.org", False)]),
    ],
)  # fmt: skip
def test_addresses_are_read(value, found):
    assert addresses(value) == found


@pytest.mark.parametrize(
    "value",
    [
        b"alice@example.org)bob@evil.example",  # CVE-2023-27043
        b"alice@example.org]<bob@evil.example>",
        b"alice@example.org,<bob@evil.example>",
        b"<alice@example.org> <bob@evil.example>",
        b"<alice@example.org> bob@evil.example",
        b"alice@example.org bob@evil.example",
        b"alice@example.org@evil.example",
        b"<alice@example.org(>@evil.example",
        b"alice@example.org\0@evil.example",
        b"alice@example.org\r\n bob@evil.example",
        b'"alice@example.org',
        b"<alice@example.org",
        b"alice",
        b"@example.org",
        b"alice@",
        b"<@one.example:alice@example.org>",
        b"<al ice@example.org>",
        b"Ines <ines@example.org>, Paul <paul@example.org>",
        b"",
    ],
)
def test_nothing_is_decided_by_what_is_odd(value):
    assert mime.author(mime.read(b"From: " + value + b"\r\n\r\n")) is None


def test_nothing_is_decided_by_two_fields():
    assert mime.author(mime.read(b"From: a@x.org\nFrom: a@x.org\n\n")) is None
    assert mime.author(mime.read(b"From: Ann <a@x.org>\n\n")) == "a@x.org"


def test_three_thousand_recipients_are_all_there():
    many = b", ".join(b'"Person, %d" <p%d@example.org>' % (n, n) for n in range(3000))
    found = addresses(many)
    assert len(found) == 3000
    assert found[2999] == ("Person, 2999", "p2999@example.org", False)
