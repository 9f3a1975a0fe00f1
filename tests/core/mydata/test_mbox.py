"""Mail as mbox: what is written is what is read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.mydata import mbox

WHEN = datetime(2026, 11, 30, 8, tzinfo=UTC)
LINES = st.lists(
    st.sampled_from(
        [b"", b"From x y 08:00", b">From y", b">>From z", b"Froma", b"> From", b"a: b"]
    )
    | st.binary(max_size=20).map(lambda data: data.replace(b"\n", b".").replace(b"\r", b".")),
    min_size=1,
    max_size=12,
)


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(st.lists(LINES, max_size=5), st.integers(1, 40))
def test_what_is_written_is_what_is_read(messages: list[list[bytes]], size: int) -> None:
    raw = [b"".join(line + b"\r\n" for line in lines) for lines in messages]
    written = b"".join(
        piece for one in raw for piece in mbox.message("a@b.example", WHEN, cut(one, size))
    )
    assert list(mbox.messages(cut(written, size), 10_000)) == raw


def test_what_other_programs_write_is_read_too() -> None:
    text = (
        b"something before\n\nFrom a Mon Nov 30 08:00:00 2026\r\nSubject: x\r\n\r\n"
        b"From the left\nFrom b Mon Nov 30 08:00:00 2026\n\n"
        b"From b Mon Nov 30 08:00:00 2026\nY: z\n\nend"
    )
    assert list(mbox.messages([text], 1000)) == [
        b"Subject: x\r\n\r\nFrom the left\r\nFrom b Mon Nov 30 08:00:00 2026\r\n",
        b"Y: z\r\n\r\nend\r\n",
    ]


@pytest.mark.parametrize(
    "text", [b"From a Mon 08:00\n" + b"x" * 200, b"From a Mon 08:00\n" + b"x\n" * 100]
)
def test_what_is_too_large_is_refused(text: bytes) -> None:
    with pytest.raises(mbox.TooLong):
        list(mbox.messages(cut(text, 7), 100))
