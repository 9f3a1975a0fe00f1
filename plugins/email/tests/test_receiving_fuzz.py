"""Whatever comes in: nothing is raised, and every reply is one of ours."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate_email.receiving import dkim_check, dmarc_check, paths, results, trace
from communicate_email.receiving.body import END, Body
from communicate_email.receiving.checking import brought_by
from communicate_email.receiving.lookups import Unanswered
from communicate_email.sending.resolving import IResolver

from .names import Names
from .receiving_site import Site

WORDS = [
    *(b"From: ", b"From:", b"DKIM-Signature: ", b"Authentication-Results: ", b"Received: "),
    *(b"Delivered-To: ", b"Return-Path:", b"localhost", b"v=1; a=rsa-sha256; ", b"d=x.example; "),
    *(b"s=s; ", b"h=from:to; ", b"bh=YWJj; ", b"b=YWJj", b"c=relaxed/simple; ", b"l=99; "),
    *(b"a@b.example", b"<", b">", b'"', b"\\", b"(", b")", b";", b"=", b":", b",", b"[1.2.3.4]"),
    *(b"\r\n", b"\r\n ", b"\r\n\t", b"\r\n\r\n", b".", b"..", b"\xff", b"\xc3\xa9", b"=?utf-8?q?"),
    *(b"\r", b"\n", b"\0", b" " * 60, b"from x (y [93.184.216.34])"),
]
MESSAGES = st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=40).map(b"".join)
LINES = st.lists(
    st.sampled_from(
        [
            *("EHLO", "HELO", "MAIL FROM:", "RCPT TO:", "RSET", "NOOP", "VRFY", "AUTH PLAIN"),
            *(
                "BDAT",
                "DATA x",
                "STARTTLS x",
                "<",
                ">",
                "<>",
                "@",
                "ines@localhost",
                "a@b.example",
            ),
            *(
                " SIZE=",
                "9" * 30,
                " BODY=8BITMIME",
                " SMTPUTF8",
                "é",
                "\udcff",
                "\\",
                '"',
                ":",
                " ",
            ),
        ]
    ),
    max_size=8,
).map("".join)
REPLY = re.compile(r"(250[ -]|[45]\d\d [45]\.\d\.\d{1,2} |25[02] 2\.\d\.\d )")


class Silent:
    """Questions that nobody answers, or with what *found* says."""

    def __init__(self, found):
        self.found = found

    def texts(self, _name):
        if self.found is None:
            raise Unanswered
        return self.found


@settings(max_examples=600, deadline=None, derandomize=True)
@given(MESSAGES, st.none() | st.lists(st.binary(max_size=40), max_size=2), st.integers(1, 9))
def test_nothing_that_is_sent_raises(raw, found, size):
    body, rest, sent = Body(10_000), None, raw + END
    for place in range(0, len(sent), size):
        rest = body.feed(sent[place : place + size])
        if rest is not None:
            break
    assert rest is not None
    message = body.message()
    assert not body.fault or message == b""
    for data in (message, raw):
        head = trace.look(data, "localhost")
        assert len(head.raw) <= len(data)
        kept = trace.look(head.raw, "localhost")
        assert kept.raw == head.raw
        results.read(data, "localhost")
        brought_by(data)
        for each in dkim_check.check(Silent(found), data):
            assert each.result in ("fail", "temperror", "permerror", "policy")
        said = dmarc_check.check(Silent(found), data, None, [])
        assert said.result in ("none", "permerror", "temperror", "fail")
        line = results.Checked(domain=said.domain, dmarc=said.result).header("localhost")
        assert line.endswith(b"\r\n")
        assert not re.search(rb"\r\n(?!\t|\Z)", line)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.text(max_size=300), st.sampled_from(["FROM:", "TO:"]))
def test_paths_are_addresses_or_refused(text, keyword):
    for argument in (text, keyword + text, f"{keyword}<{text}>", f"{keyword}<a@b> {text}"):
        try:
            path = paths.read(argument, keyword)
        except paths.Malformed as refused:
            reply = str(refused)
        else:
            reply = "501 5.5.4 "
            plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", path.address)
            assert not re.search(r"[\0<>\s]", plain)
        assert re.match(r"5\d\d 5\.\d\.\d ", reply)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("fuzz"), senders="junk", smtp_unknown="1000000/hour")
    site.house.registry.registerUtility(Names(), IResolver)
    yield site
    site.close()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(LINES, max_size=12), MESSAGES)
def test_every_reply_is_one_of_ours(site, lines, raw):
    with site.talk(site.lmtp_port) as talk:
        talk.say("LHLO relay")
        for line in lines:
            reply = talk.say(line)
            assert REPLY.match(reply), (line, reply)
        talk.say("RSET")
        if talk.say("MAIL FROM:<>").startswith("250"):
            talk.say("RCPT TO:<ines@localhost>")
            talk.say("DATA")
            stuffed = raw.replace(b"\r\n.", b"\r\n..")
            stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
            reply = talk.put(stuffed + END)
            assert reply[:3] in ("250", "554"), reply
