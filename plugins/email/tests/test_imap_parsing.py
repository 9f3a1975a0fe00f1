"""Commands as clients write them, and whatever else a stranger sends: read, or refused at once."""

import re
import time
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate_email.imap.wire import names, sequences
from communicate_email.imap.wire.appending import Message
from communicate_email.imap.wire.commands import AFTER, BEFORE, SELECTED, Copy, Login, read
from communicate_email.imap.wire.errors import BadCommand, Hopeless, TooBig
from communicate_email.imap.wire.fetching import Item, Section
from communicate_email.imap.wire.framing import Framer, Literal, Literal8, Sizes
from communicate_email.imap.wire.patterns import Pattern
from communicate_email.imap.wire.searching import Key
from communicate_email.imap.wire.sequences import Numbers

SIZES = Sizes(65_536, 65_536, 1_000_000, 3_000_000, 1_000_000)
# What strangers have sent to servers that died of it, or whose other clients waited.
HOSTILE = [
    b'a SELECT "&AAA"',
    b"a SELECT &AAA",
    b"a SELECT &2AAA-",
    b"a SELECT &&&&&&&&",
    b"a SEARCH " + b"(" * 3000,
    b"a SEARCH " + b"OR " * 3000,
    b"a SEARCH " + b"NOT " * 3000 + b"ALL",
    b"a SEARCH " + b"(" * 3000 + b"ALL" + b")" * 3000,
    b"a ID (" + b'"a" "b" ' * 5000 + b'"a" "b")',
    b"a FETCH 1 " + b"(" * 4000,
    b"a FETCH 1 BODY[" + b"1." * 4000 + b"1]",
    b"a FETCH 1 BODY[1.2.",
    b"a FETCH 1 BODY[1.]",
    b"a FETCH 1 BODY[]<0>",
    b"a FETCH 1 BODY[]<0.0>",
    b"a FETCH 0 FLAGS",
    b"a FETCH 1: FLAGS",
    b"a FETCH 4294967296 FLAGS",
    b"a FETCH 99999999999999999999999999 FLAGS",
    b"a STORE 1 FLAGS \\",
    b"a STORE 1 FLAGS (",
    b"a STORE 1 FLAGS.NOISY ()",
    b"a UID UID FETCH 1 FLAGS",
    b"a UID NOOP",
    b"a UID",
    b"a",
    b"",
    b" ",
    b"\0",
    b"a\0 NOOP",
    b"\xff\xfe NOOP",
    b"+ NOOP",
    b"a NOOP now",
    b"a NOOP ",
    b"a  NOOP",
    b'a LOGIN "x',
    b'a LOGIN "x\\',
    b'a LOGIN "x\\y" z',
    b"a LOGIN \xff\xff x",
    b"a APPEND INBOX",
    b"a APPEND INBOX ()",
    b'a APPEND INBOX "32-Jan-2026 10:00:00 +0000" x',
    b"a LIST",
    b'a LIST "" "' + b"*a" * 600 + b'"',
    b'a LIST (RECURSIVEMATCH) "" *',
    b"a STATUS INBOX ()",
    b"a STATUS INBOX (EVERYTHING)",
    b"a SELECT x (QRESYNC (0 1))",
    b"a SELECT x (QRESYNC (1 1 1:9 (1:4294967295 1:4294967295)))",
    b"a SELECT x (QRESYNC (1 1 1:9 (1:2 1:3)))",
    b"a SELECT x (QRESYNC (1 1 1:*))",
    b"a SEARCH CHARSET KOI8-R ALL",
    b"a SEARCH ON 31-Feb-2026",
    b"a SORT () UTF-8 ALL",
    b"a THREAD JWZ UTF-8 ALL",
]


def understood(*parts, allowed=SELECTED, **more):
    """Return the command that *parts* are: text, literal, text …"""
    return read(list(parts), allowed, **more)


def cut(octets, sizes=SIZES, steps=None):
    """Return the commands in a stream that comes in pieces of *steps* octets."""
    framer, found = Framer(sizes), []
    steps = steps or [len(octets) or 1]
    at = number = 0
    while at < len(octets):
        step = steps[number % len(steps)]
        framer.feed(octets[at : at + step])
        at, number = at + step, number + 1
        while (one := framer.command()) is not None or framer.asks:
            found += [one] if one is not None else []
    return found


class TestFraming:
    def test_lines_and_literals_come_in_turn(self):
        stream = b"a LOGIN {4}\r\nines {3+}\r\npwd\r\nb NOOP\r\n"
        assert cut(stream) == [[b"a LOGIN ", b"ines", b" ", b"pwd", b""], [b"b NOOP"]]

    def test_it_is_said_when_the_client_waits(self):
        framer = Framer(SIZES)
        framer.feed(b"a LOGIN {4}\r\n")
        assert framer.command() is None
        assert framer.asks
        framer.feed(b"ines")
        assert framer.command() is None
        assert not framer.asks

    def test_what_may_hold_nul_is_told_apart(self):
        ((_text, one, _space, two, _end),) = cut(b"a APPEND x {2}\r\nab ~{2}\r\n\0c\r\n")
        assert (type(one), type(two)) == (Literal, Literal8)

    @given(st.lists(st.binary(max_size=30), max_size=4), st.lists(st.integers(1, 9), min_size=1))
    def test_where_the_stream_is_torn_makes_no_difference(self, literals, steps):
        stream = b"a X" + b"".join(b" {%d+}\r\n%b" % (len(one), one) for one in literals)
        stream += b"\r\nb NOOP\r\n"
        assert cut(stream, steps=steps) == cut(stream)

    def test_what_is_too_large_is_refused_where_the_client_asks(self):
        framer = Framer(Sizes())
        framer.feed(b"a1 LOGIN {3000000000}\r\nb NOOP\r\n")
        with pytest.raises(TooBig) as refused:
            framer.command()
        assert refused.value.tag == "a1"
        assert framer.command() == [b"b NOOP"]

    @pytest.mark.parametrize(
        "octets",
        [
            b"a LOGIN {3000000000+}\r\n",
            b"a LOGIN {4097+}\r\n",
            b"a " + b"x" * 8_192,
            b"a " + b"x" * 8_192 + b"\r\n",
            b"a X " + b" {0+}\r\n" * 2_000,
            b"a X " + b" {4096+}\r\n" + b"x" * 4096 + b" {4096+}\r\n" + b"y" * 4096 + b" {1+}\r\n",
        ],
        ids=["huge", "unasked", "endless line", "long line", "many literals", "much in all"],
    )
    def test_what_comes_unasked_and_is_too_large_ends_it(self, octets):
        with pytest.raises(Hopeless):
            cut(octets, Sizes())

    def test_only_who_may_append_sends_messages(self):
        stream = b"a APPEND INBOX {100000+}\r\n" + b"x" * 100_000 + b"\r\n"
        assert len(cut(stream)) == 1
        with pytest.raises(Hopeless):
            cut(stream, SIZES._replace(message=0, messages=0))
        with pytest.raises(Hopeless):
            cut(stream.replace(b"APPEND", b"APPENDIX"))

    def test_a_literal_in_many_pieces_takes_time_in_proportion(self):
        begin = time.process_time()
        cut(b"a APPEND x {900000+}\r\n" + b"x" * 900_000 + b"\r\n", steps=[100])
        assert time.process_time() - begin < 5


class TestCommands:
    def test_a_login_is_read_as_text(self):
        assert understood(b'a LOGIN ines "p\\"w"', allowed=BEFORE).args == Login("ines", 'p"w')
        with_literal = [b"a LOGIN ", Literal("inès".encode()), b" x"]
        assert understood(*with_literal, allowed=BEFORE).args == Login("inès", "x")

    def test_what_cannot_be_given_now_is_read_no_further_than_its_name(self):
        for line in (b"a SELECT &&&&", b"a SEARCH ((((", b"a APPEND"):
            with pytest.raises(BadCommand, match="none that can be given now"):
                understood(line, allowed=BEFORE)
        with pytest.raises(BadCommand, match="none that can be given now"):
            understood(b"a FETCH 1 FLAGS", allowed=AFTER)

    def test_the_inbox_has_one_name(self):
        assert understood(b"a SELECT inBOX").args.mailbox == "INBOX"
        assert understood(b"a SELECT inbox/a").args.mailbox == "INBOX/a"
        assert understood(b"a SELECT Inboxes").args.mailbox == "Inboxes"

    def test_an_answer_with_its_first_words(self):
        read_ = understood(b"a AUTHENTICATE plain AGluZXMAcHdk", allowed=BEFORE).args
        assert read_ == ("PLAIN", b"\0ines\0pwd")
        assert understood(b"a AUTHENTICATE PLAIN", allowed=BEFORE).args == ("PLAIN", None)
        assert understood(b"a AUTHENTICATE PLAIN =", allowed=BEFORE).args == ("PLAIN", b"")

    def test_what_a_client_says_of_itself(self):
        assert understood(b'a ID ("name" "Mutt" "os" NIL)').args == {"name": "Mutt", "os": ""}
        assert understood(b"a ID NIL").args == {}

    def test_messages_are_named_by_uids_too(self):
        copied = understood(b"a UID COPY 1,4:7 &AOk-t&AOk-")
        assert copied.uid
        assert copied.args == Copy(Numbers(((1, 1), (4, 7))), "été")
        assert understood(b"a UID EXPUNGE 3:*").args.ranges == ((3, sequences.LAST),)
        assert understood(b"a EXPUNGE").args is None

    def test_what_is_fetched(self):
        args = understood(
            b'a FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (Subject "To")]<0.100> BODY[1.2.MIME] '
            b"BINARY.SIZE[3] RFC822 BODY) (CHANGEDSINCE 12 VANISHED)"
        ).args
        assert args.items == (
            Item("FLAGS"),
            Item("BODY", Section((), "HEADER.FIELDS", (b"Subject", b"To")), True, 0, 100),
            Item("BODY", Section((1, 2), "MIME"), False),
            Item("BINARY.SIZE", Section((3,))),
            Item("RFC822", peek=False),
            Item("BODY"),
        )
        assert (args.changed_since, args.vanished) == (12, True)
        assert [item.name for item in understood(b"a FETCH 1 FULL").args.items] == [
            "FLAGS",
            "INTERNALDATE",
            "RFC822.SIZE",
            "ENVELOPE",
            "BODY",
        ]

    def test_what_is_stored(self):
        args = understood(rb"a UID STORE 1 (UNCHANGEDSINCE 7) -flags.silent (\Seen perso)").args
        assert args[1:] == ("remove", ("\\Seen", "perso"), True, 7)
        assert understood(rb"a STORE $ FLAGS \Seen \Draft").args[:3] == (
            Numbers(saved=True),
            "set",
            ("\\Seen", "\\Draft"),
        )

    def test_what_is_appended(self):
        first, second = Literal(b"one"), Literal8(b"two")
        args = understood(
            rb'a APPEND Sent (\Seen) " 1-feb-2026 10:20:30 +0130" ',
            first,
            b" UTF8 (",
            second,
            b")",
        ).args
        zone = timezone(timedelta(hours=1, minutes=30))
        assert args.mailbox == "Sent"
        assert args.messages == (
            Message(("\\Seen",), datetime(2026, 2, 1, 10, 20, 30, tzinfo=zone), first),
            Message((), None, second),
        )

    def test_what_is_looked_for(self):
        args = understood(
            b"a SEARCH RETURN (MIN COUNT) CHARSET UTF-8 OR FROM ines NOT (SEEN LARGER 10) "
            b'SENTON 1-Feb-2026 HEADER X-A "" UID 4 2:3'
        ).args
        assert args.returns == {"MIN", "COUNT"}
        assert args.key == Key(
            "AND",
            (
                Key(
                    "OR",
                    (
                        Key("FROM", "ines"),
                        Key("NOT", Key("AND", (Key("SEEN"), Key("LARGER", 10)))),
                    ),
                ),
                Key("SENTON", date(2026, 2, 1)),
                Key("HEADER", ("X-A", "")),
                Key("UID", Numbers(((4, 4),))),
                Key("NUMBERS", Numbers(((2, 3),))),
            ),
        )

    def test_how_it_is_sorted_and_threaded(self):
        sorted_ = understood(b"a UID SORT (REVERSE DATE SUBJECT) UTF-8 UNSEEN").args
        assert sorted_.order == (("DATE", True), ("SUBJECT", False))
        again = understood(b"a SORT (DATE REVERSE DATE SUBJECT DATE) UTF-8 ALL").args
        assert again.order == (("DATE", False), ("SUBJECT", False))
        assert understood(b"a THREAD REFERENCES US-ASCII ALL").args.key == Key("ALL")

    def test_what_is_listed(self):
        args = understood(
            b'a LIST (SUBSCRIBED) "" ("a%" b) RETURN (CHILDREN STATUS (MESSAGES UNSEEN))'
        ).args
        assert [pattern.text for pattern in args.patterns] == ["a%", "b"]
        assert args.returns == {"CHILDREN", "STATUS"}
        assert args.status == ("MESSAGES", "UNSEEN")
        again = understood(b'a LIST "" * RETURN (STATUS (DELETED) STATUS (DELETED SIZE))').args
        assert again.status == ("DELETED", "SIZE")
        assert understood(b'a LIST "" ""').args.root

    def test_what_a_client_knew_of_a_mailbox(self):
        args = understood(b"a SELECT x (QRESYNC (7 90060115205545359 41:211 (1 41)))").args
        assert args.resync == (7, 90060115205545359, Numbers(((41, 211),)), ((1, 41),))
        assert understood(b"a SELECT x (CONDSTORE)").args.condstore

    @pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
    def test_what_is_nothing_is_refused_at_once(self, line):
        begin = time.process_time()
        with pytest.raises(BadCommand) as refused:
            understood(line)
        assert time.process_time() - begin < 0.5
        assert refused.value.tag in ("a", "*")

    @given(st.binary(max_size=200), st.sampled_from(sorted(SELECTED)))
    def test_whatever_comes_is_read_or_refused(self, octets, name):
        for allowed in (BEFORE, AFTER, SELECTED):
            with suppress(BadCommand):
                found = understood(b"a " + name.encode() + b" " + octets, allowed=allowed)
                assert found.name in allowed


TOKENS = st.sampled_from(
    b'( ) [ ] < > " \\ * % & - + , : . $ 1 42 0 NIL ALL NOT OR FLAGS BODY BODY.PEEK HEADER TEXT '
    b"HEADER.FIELDS UID RETURN MODSEQ CHANGEDSINCE INBOX &AOk- a.b {3} 1:* SUBJECT ON".split()
)


@given(st.sampled_from(sorted(SELECTED)), st.lists(st.tuples(TOKENS, st.booleans()), max_size=25))
def test_words_of_the_protocol_in_any_order_are_read_or_refused(name, words):
    line = b"".join(word + b" " * blank for word, blank in words)
    with suppress(BadCommand):
        assert understood(b"a " + name.encode() + b" " + line).name in SELECTED


class TestNames:
    @given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=50))
    def test_a_name_is_written_as_it_is_read(self, name):
        for utf8 in (False, True):
            there = names.decoded(names.encoded(name, utf8=utf8), utf8=utf8)
            assert there == name or there.upper() == name.upper()

    def test_names_of_the_standard(self):
        assert names.decoded(b"~peter/mail/&U,BTFw-/&ZeVnLIqe-") == "~peter/mail/台北/日本語"
        assert names.encoded("R&D") == b"R&-D"

    @pytest.mark.parametrize("name", [b"&AGE-", b"Trash&AC8-x", b"&AOkAYQ-"])
    def test_what_stands_for_itself_is_not_shifted(self, name):
        with pytest.raises(ValueError, match="not as it would be written"):
            names.decoded(name)

    @given(st.binary(max_size=60))
    def test_whatever_comes_has_one_way_to_be_written_or_is_no_name(self, octets):
        try:
            name = names.decoded(octets)
        except ValueError:
            return
        assert names.decoded(names.encoded(name)) == name


class TestPatterns:
    @given(st.text("ab/*%", max_size=8), st.text("ab/", max_size=10))
    def test_a_pattern_matches_as_a_regular_expression_would(self, pattern, name):
        wanted = "".join({"*": ".*", "%": "[^/]*"}.get(one, re.escape(one)) for one in pattern)
        assert Pattern(pattern).matches(name) == bool(re.fullmatch(wanted, name, re.DOTALL))

    def test_no_pattern_takes_long(self):
        begin = time.process_time()
        assert not Pattern("*a" * 400 + "b").matches("a" * 500)
        assert time.process_time() - begin < 5

    def test_nor_do_as_many_as_one_command_may_have(self):
        patterns = [Pattern("*a" * 300 + f"b{at}") for at in range(100)]
        begin = time.process_time()
        assert not any(pattern.matches("/".join(["a" * 95] * 20)) for pattern in patterns)
        assert time.process_time() - begin < 2


class TestSequences:
    @given(
        st.lists(
            st.tuples(st.integers(1, 30) | st.none(), st.integers(1, 30) | st.none()),
            min_size=1,
            max_size=6,
        ),
        st.integers(1, 25),
    )
    def test_a_set_has_the_numbers_that_it_says(self, pairs, largest):
        text = ",".join(
            ":".join("*" if one is None else str(one) for one in pair) for pair in pairs
        )
        wanted = set()
        for pair in pairs:
            low, high = sorted(largest if one is None else one for one in pair)
            wanted |= set(range(low, high + 1))
        ranges = list(understood(f"a STORE {text} FLAGS ()".encode()).args[0].within(largest))
        found = [number for low, high in ranges for number in range(low, high + 1)]
        assert found == sorted(wanted)
        assert len(ranges) == len(sequences.written(found).split(","))
