"""Who a message is really from: SPF, DKIM, DMARC, and what is made of it."""

import base64
import time

import dkim
import dkim.canonicalization as canonical
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from communicate.interfaces import IGate
from communicate_email.receiving import dkim_check, dmarc_check, lookups, results, trace
from communicate_email.receiving.results import Shown
from communicate_email.sending.resolving import IResolver

from .names import Names
from .receiving_site import MESSAGE, Site

PEER = "93.184.216.34"
FROM = f"Received: from mx.example.net (mx.example.net [{PEER}])\r\n\tby relay (Postfix)\r\n"


def keys():
    """Return a signing key in PEM and its record, then both for Ed25519."""
    secret = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = secret.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    short = ed25519.Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw
    return {
        "rsa": (pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"),
        "ed": (
            base64.b64encode(
                short.private_bytes(
                    raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
                )
            ),
            "v=DKIM1; k=ed25519; p="
            + base64.b64encode(
                short.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
            ).decode(),
        ),
    }


KEYS = keys()


def signed(message, domain="my-bank.example", key="rsa", **more):
    """Return *message* with a signature on top."""
    more.setdefault("canonicalize", (b"relaxed", b"relaxed"))
    algorithm = {"rsa": b"rsa-sha256", "ed": b"ed25519-sha256"}[key]
    signer = dkim.DKIM(message, signature_algorithm=more.pop("algorithm", algorithm))
    head = signer.sign(key.encode(), domain.encode(), KEYS[key][0], **more)
    return head + message


def letter(author="Ada <ada@my-bank.example>", body="Sous le  tilleul.\r\n"):
    return f"From: {author}\r\nTo: ines@localhost\r\nSubject: Bonjour\r\n\r\n{body}".encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("senders"), senders="junk")
    yield site
    site.close()


@pytest.fixture
def names(site):
    """Return the DNS, in which my-bank.example asks for everything."""
    names = Names(
        texts={
            "my-bank.example": [f"v=spf1 ip4:{PEER} -all"],
            "_dmarc.my-bank.example": ["v=DMARC1; p=reject"],
            "rsa._domainkey.my-bank.example": [KEYS["rsa"][1]],
            "ed._domainkey.my-bank.example": [KEYS["ed"][1]],
            "rsa._domainkey.example.org": [KEYS["rsa"][1]],
            "example.org": ["v=spf1 -all"],
        }
    )
    site.house.registry.registerUtility(names, IResolver)
    site.gateway.reception.checker.asking.memory._known.clear()
    site.boxes.kept.clear()
    return names


def brought(site, raw, sender="ada@my-bank.example"):
    """Hand *raw* over as the mail server in front does, and return what was kept and found."""
    with site.talk(site.lmtp_port) as talk:
        talk.say("LHLO relay")
        talk.say(f"MAIL FROM:<{sender}>")
        talk.say("RCPT TO:<ines@localhost>")
        talk.say("DATA")
        reply = talk.put(FROM.encode() + raw + b".\r\n")
    assert reply.startswith("250"), reply
    [(kept, _to)] = site.boxes.kept
    site.boxes.kept.clear()
    return kept, results.read(b"".join(kept.headers) + kept.raw, "localhost")


def test_who_is_vouched_for_by_both_passes(site, names):
    kept, found = brought(site, signed(letter()))
    assert found == Shown("pass", "pass", "pass", "my-bank.example")
    assert (kept.junk, kept.doubtful) == (False, False)
    assert kept.headers[0].decode() == (
        "Authentication-Results: localhost;\r\n\tspf=pass smtp.mailfrom=my-bank.example;\r\n"
        "\tdkim=pass header.d=my-bank.example header.s=rsa;\r\n"
        "\tdmarc=pass (p=reject) header.from=my-bank.example\r\n"
    )
    assert (kept.peer, kept.helo) == (PEER, "mx.example.net")


def test_a_forged_author_is_junk_whoever_else_signs(site, names):
    for raw, sender in (
        (letter(), "eve@example.org"),
        (signed(letter(), "example.org"), "eve@example.org"),
        (letter(), ""),
    ):
        kept, found = brought(site, raw, sender)
        assert (found.dmarc, kept.junk) == ("fail", True)
        assert found.spf in ("fail", "none")
        assert kept.doubtful == (found.spf == "fail")


@pytest.mark.parametrize("key", ["rsa", "ed"])
@pytest.mark.parametrize("how", [b"relaxed", b"simple"])
def test_a_signature_vouches_alone_and_holds_no_change(site, names, key, how):
    whole = signed(letter(), key=key, canonicalize=(how, how))
    kept, found = brought(site, whole, "list@example.org")
    assert (found.spf, found.dkim, found.dmarc, kept.junk) == ("fail", "pass", "pass", False)
    kept, found = brought(site, whole.replace(b"tilleul", b"platane"), "list@example.org")
    assert (found.dkim, found.dmarc, kept.junk) == ("fail", "fail", True)
    kept, found = brought(site, whole.replace(b"Bonjour", b"Bonsoir"), "list@example.org")
    assert found.dkim == "fail"
    kept, found = brought(site, b"From: eve@example.org\r\n" + whole, "list@example.org")
    assert (found.dkim, found.dmarc) == ("fail", "permerror")


def test_what_covers_a_part_only_or_is_weak_does_not_count(site, names):
    part = signed(letter(), length=True) + b"More of it.\r\n"
    kept, found = brought(site, part, "list@example.org")
    assert (found.dkim, found.dmarc, kept.junk) == ("pass", "fail", True)
    weak = signed(letter(), algorithm=b"rsa-sha1")
    kept, found = brought(site, weak, "list@example.org")
    assert (found.dkim, kept.junk) == ("policy", True)


def test_any_of_several_signatures_vouches_but_only_so_many_are_looked_at(site, names):
    both = signed(signed(letter()), "example.org")
    _kept, found = brought(site, both, "list@example.org")
    assert found.dmarc == "pass"
    many = signed(letter())
    for _each in range(dkim_check.SIGNATURES):
        many = signed(many, "example.org")
    names.asked.clear()
    _kept, found = brought(site, many, "list@example.org")
    assert found.dmarc == "fail"


@pytest.mark.parametrize(
    "head",
    [
        "From: ada@my-bank.example\r\nFrom: eve@example.org\r\n",
        "From: ada@my-bank.example, eve@example.org\r\n",
        'From: "ada@my-bank.example" <eve@example.org>, <ada@my-bank.example>\r\n',
        "From: ada@my-bank.example <eve@example.org>\r\n",
        "From: <ada@my-bank.example>eve@example.org\r\n",
        "From: Ada\r\n",
        "From: \r\n",
        "",
    ],
)
def test_who_names_no_one_author_is_vouched_for_by_nobody(site, names, head):
    kept, found = brought(site, head.encode() + b"Subject: x\r\n\r\nx\r\n")
    assert (found.dmarc, kept.junk) == ("permerror", True)


@pytest.mark.parametrize(
    ("head", "domain"),
    [
        (b"From: ada@mail.my-bank.co.uk", "mail.my-bank.co.uk"),
        (b'From: "Ada (at home)\\" <x@y>" <ada@B\xc3\xbccher.example> (of \xc3\xa9)', None),
        (b"From: =?utf-8?q?Zo=C3=A9?=\r\n <zoe@example.org>", "example.org"),
        (b"From: (a) <ada@example.org.>", "example.org"),
    ],
)
def test_the_domain_of_an_author_is_found(head, domain):
    assert dmarc_check.author(head + b"\r\n\r\n") == (domain or "xn--bcher-kva.example")


def test_who_belongs_to_whom():
    for one, other, strict, holds in (
        ("mail.my-bank.co.uk", "my-bank.co.uk", False, True),
        ("mail.my-bank.co.uk", "my-bank.co.uk", True, False),
        ("my-bank.co.uk", "bank.co.uk", False, False),
        ("a.example", "b.example", False, False),
        ("ada.github.io", "eve.github.io", False, False),
    ):
        assert dmarc_check.aligned(one, other, strict=strict) is holds


def test_a_domain_above_speaks_for_those_below(site, names):
    names.texts["_dmarc.my-bank.example"] = ["v=DMARC1; p=reject; sp=quarantine"]
    kept, found = brought(site, letter("ada@mail.my-bank.example"), "eve@example.org")
    assert (found.dmarc, kept.junk) == ("fail", True)
    assert b"(p=quarantine)" in kept.headers[0]


def test_where_nobody_can_say_a_message_comes_through(site, names):
    names.failing |= {"_dmarc.my-bank.example", "rsa._domainkey.my-bank.example"}
    names.failing.add("my-bank.example")
    kept, found = brought(site, signed(letter()))
    assert found == Shown("temperror", "temperror", "temperror", "my-bank.example")
    assert not kept.junk


def test_records_cannot_make_us_ask_without_end(site, names):
    for number in range(100):
        names.texts[f"s{number}.example"] = [
            "v=spf1 " + " ".join(f"include:s{number * 3 + more}.example" for more in (1, 2, 3))
        ]
    names.texts["my-bank.example"] = ["v=spf1 include:s0.example -all"]
    names.asked.clear()
    _kept, found = brought(site, letter())
    assert found.spf == "permerror"
    assert len(names.asked) <= lookups.QUESTIONS


def test_what_was_asked_is_not_asked_again_and_is_counted(site, names):
    brought(site, signed(letter()))
    names.asked.clear()
    brought(site, signed(letter()))
    assert names.asked == []

    passed = site.house.work(lambda request: request.find_service(IGate).passed())
    assert passed[lookups.DNS, lookups.PURPOSE] >= 3


BLANKS = b" \t" * 100_000


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@example.org\r\nDKIM-Signature: v=1; a=rsa-sha256; d=my-bank.example; s=rsa;"
        b" c=relaxed/relaxed; h=from; bh=aaaa; b=aaaa\r\n\r\n" + BLANKS + b"x" + BLANKS + b"x\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=my-bank.example; s=rsa; c=relaxed/relaxed; h=from;"
        b" bh=aaaa; b=" + BLANKS + b"!\r\n\r\nx\r\n",
        b"From: " + BLANKS + b"<a@my-bank.example>\r\nX:" + BLANKS + b"\r\n\r\nx\r\n",
        b"From: a@my-bank.example\r\n\r\n" + b"\r\n" * 300_000,
        b"From: " + b"(" * 1_000 + b"a@my-bank.example\r\n\r\n",
        b'From: "' + b'\\"' * 900 + b"\r\n\r\n",
    ],
    ids=["body", "signature", "header", "lines", "comments", "quotes"],
)
def test_blanks_take_no_time(site, names, raw):
    begun = time.process_time()
    brought(site, raw)
    assert time.process_time() - begun < 10


def test_bodies_are_made_canonical_as_dkimpy_does():
    for body in (
        b"",
        b"\r\n",
        b"\r\n\r\n",
        b" \r\n",
        b"a \t b  \r\n\t\r\nc\r\n\r\n \r\n",
        b"a",
        b"a\r\n" * 200_000 + b"b \t\t c \r\n" * 100_000,
    ):
        assert dkim_check.Relaxed.canonicalize_body(body) == canonical.Relaxed.canonicalize_body(
            body
        )
        assert dkim_check.Simple.canonicalize_body(body) == canonical.Simple.canonicalize_body(
            body
        )


def test_only_our_own_words_are_read():
    foreign = b"Authentication-Results: mx.other.example; dmarc=pass\r\n"
    ours = b"Authentication-Results: localhost; spf=fail; dkim=fail; dkim=pass; dmarc=none\r\n"
    assert results.read(foreign + b"\r\n", "localhost") == Shown()
    assert results.read(foreign + ours + b"\r\n", "localhost") == Shown("fail", "pass", "none")


def test_odd_words_are_not_written_into_the_line():
    checked = results.Checked(spf="none", identity="x\r\nBcc: y", domain="a;b")
    assert checked.header("localhost") == (
        b"Authentication-Results: localhost;\r\n\tspf=none;\r\n\tdkim=none;\r\n\tdmarc=none\r\n"
    )


def test_what_the_domain_wants_refused_can_be(tmp_path):
    site = Site(tmp_path, senders="refuse")
    try:
        site.house.registry.registerUtility(
            Names({"_dmarc.my-bank.example": ["v=DMARC1; p=reject"]}), IResolver
        )
        assert site.send(letter(), sender="eve@example.org").startswith("550 5.7.1")
        assert site.send(MESSAGE).startswith("250")
        assert len(site.boxes.kept) == 1
    finally:
        site.close()


def test_fields_are_told_apart():
    assert trace.fields_of(b"\r\nbody") == ([], b"\r\nbody")
    assert trace.fields_of(b"A: 1\r\n 2\r\nB: 3\r\n\r\nbody") == (
        [b"A: 1\r\n 2", b"B: 3"],
        b"\r\nbody",
    )
    assert trace.fields_of(b"A: 1\r\n") == ([b"A: 1"], b"")


def test_a_header_that_cannot_be_read_does_not_keep_a_forged_author_out_of_junk(site, names):
    forged = signed(letter(), "example.org").replace(b"To: ", b"no field at all\r\nTo: ", 1)
    kept, found = brought(site, forged, "eve@example.org")
    assert (found.dkim, found.dmarc, kept.junk) == ("fail", "fail", True)


def test_nor_does_what_surprises_us(site, names, monkeypatch):
    def surprised(*_args):
        raise RuntimeError("a surprise")

    monkeypatch.setattr(dkim_check, "check", surprised)
    kept, _found = brought(site, letter(), "eve@example.org")
    assert kept.junk
    assert kept.headers[0] == b"X-Communicate-Unchecked: senders\r\n"
