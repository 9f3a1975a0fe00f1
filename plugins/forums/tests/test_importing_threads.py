"""Which messages belong together, and in which order."""

from email.utils import formatdate
from hashlib import sha256

import pytest

from communicate_forums.importing.files import Reader, files_in, places
from communicate_forums.importing.heads import bare_subject, scan
from communicate_forums.importing.threads import Threads

NOW = 2_000_000_000.0
START = 1_300_000_000


def key(data):
    return int.from_bytes(sha256(data).digest()[:7], "big")


def head(name=None, answers=(), at=0, subject="", listed=()):
    """Return the head of a message, *at* seconds after the start."""
    lines = [f"Subject: {subject}"] if subject else []
    lines += [f"Message-ID: <{name}@x>"] if name else []
    lines += [f"In-Reply-To: <{one}@x>" for one in answers]
    lines += ["References: " + "\n ".join(f"<{one}@x>" for one in listed)] if listed else []
    lines += [] if at is None else [f"Date: {formatdate(START + at)}"]
    raw = "\n".join([*lines, ""]).encode()
    return scan(raw, key, lambda: raw, NOW)


def threads(*heads, known=()):
    """Return the numbers of the messages of each thread."""
    numbers = {key(f"{name}@x".encode()) for name in known}
    made = Threads(list(heads), numbers.__contains__).make()
    return [[number for number, _moment in thread.messages] for thread in made]


class TestThreads:
    def test_by_what_they_answer(self):
        found = threads(
            head("a"), head("b", at=9), head("c", ["a"], 3), head("d", listed=["a", "c"], at=4)
        )
        assert found == [[0, 2, 3], [1]]

    def test_those_that_answer_the_same_missing_one(self):
        assert threads(head("a", ["gone"], 5), head("b", ["gone"], 3), head("c", at=9)) == [
            [1, 0],
            [2],
        ]

    def test_the_nearest_that_is_there(self):
        found = threads(head("a"), head("b", listed=["a", "gone", "never"], at=2))
        assert found == [[0, 1]]

    def test_a_reply_dated_before_what_it_answers_comes_after_it(self):
        made = Threads([head("a", at=100), head("b", ["a"], at=1)], lambda _key: False).make()
        (_first, start), (_second, reply) = made[0].messages
        assert reply == start + 1

    def test_circles_end(self):
        found = threads(head("a", ["b"]), head("b", ["c"], 1), head("c", ["a"], 2))
        assert sorted(found[0]) == [0, 1, 2]
        assert threads(head("a", ["a"])) == [[0]]

    def test_fifty_thousand_deep(self):
        deep = [head("m0"), *(head(f"m{n}", [f"m{n - 1}"], n) for n in range(1, 50_000))]
        assert threads(*reversed(deep)) == [list(range(49_999, -1, -1))]

    def test_the_subject_decides_only_for_a_reply_that_names_nothing_within_a_month(self):
        month = 31 * 24 * 3600
        found = threads(
            head("a", subject="Le toit"),
            head("b", subject="Re: [liste] Le toit", at=10),
            head("c", subject="Le toit", at=20),
            head("d", ["gone"], subject="Re: Le toit", at=30),
            head("e", subject="Re: Le toit", at=40 + month),
        )
        assert found == [[0, 1], [2], [3], [4]]

    def test_one_known_before_brings_its_thread(self):
        made = Threads([head("b", ["a"]), head("c", ["b"], 2)], {key(b"a@x")}.__contains__).make()
        assert [thread.known for thread in made] == [key(b"a@x")]

    def test_a_message_without_a_date_has_its_neighbours(self):
        made = Threads([head("a", at=7), head("b", at=None)], lambda _key: False).make()
        assert [thread.messages[0][1] for thread in made] == [(START + 7) * 1000] * 2

    @pytest.mark.parametrize("date", ["hier", "Fri, 31 Feb 2090 25:00:00", "Thu, 1 Jan 1970", ""])
    def test_a_date_that_cannot_be_is_none(self, date):
        assert scan(f"Date: {date}\nSubject: x\n".encode(), key, bytes, NOW).date is None

    def test_the_post_office_knows_when(self):
        raw = b"Date: ?\nReceived: by x;\n Fri, 21 Nov 1997 09:55:06 -0600\n"
        assert scan(raw, key, bytes, NOW).date == 880127706

    def test_without_an_id_the_whole_message_is_one(self):
        one, other = (scan(b"Subject: x\n", key, lambda t=t: t, NOW) for t in (b"a", b"b"))
        assert one.key != other.key
        assert scan(b"no header\n", key, bytes, NOW) is None


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: [l] RE : x", "x"), ("x: Re: y", "x: Re: y"), ("[l]", "[l]"), ("Re:", "Re:"), ("", "")],
)
def test_the_bare_subject(subject, bare):
    assert bare_subject(subject)[0] == bare


class TestFiles:
    def test_an_mbox_is_cut_where_messages_begin(self, tmp_path):
        box = tmp_path / "list.mbox"
        box.write_bytes(
            b"From a@x Mon Jan  1 10:00:00 2001\nSubject: un\n\nFrom here to there\n\n"
            b"From a@x Mon Jan  1 10:00:00 2001\nis no separator\n\n>From b\n\n"
            b"From b@x Mon Jan  1 10:00:00 2001\r\nSubject: deux\r\n\r\nfin\r\n"
        )
        found, reader = list(places([box])), Reader([box])
        first, second = (reader.message(place) for place in found)
        assert first.startswith(b"Subject: un\n\nFrom here")
        assert first.endswith(b"is no separator\n\nFrom b\n\n")
        assert second == b"Subject: deux\r\n\r\nfin\r\n"
        assert [reader.head(place) for place in found] == [b"Subject: un\n", b"Subject: deux\r\n"]
        reader.close()

    def test_a_folder_holds_messages_and_boxes(self, tmp_path):
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "a.eml").write_bytes(b"Subject: un\n\nx")
        box = b"From a Mon Jan  1 10:00:00 2001\nSubject: x\n\nx\n\n"
        (tmp_path / "b.mbox").write_bytes(box * 2)
        (tmp_path / ".hidden").write_bytes(b"Subject: non\n\nx")
        (tmp_path / "empty.eml").write_bytes(b"")
        assert len(list(places(files_in(tmp_path)))) == 3

    def test_a_line_without_end_is_not_held(self, tmp_path):
        box = tmp_path / "list.mbox"
        box.write_bytes(b"From a Mon Jan  1 10:00:00 2001\nSubject: x\n\n" + b"a" * 1_000_000)
        assert len(list(places([box]))) == 1
