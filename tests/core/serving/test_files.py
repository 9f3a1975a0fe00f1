"""How many connections there may be: as many as the machine lets the process open files."""

from typing import Any

import pytest

from communicate.serving import files


@pytest.fixture(autouse=True)
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be reserved yet."""
    monkeypatch.setattr(files, "_reserved", {})


class Limit:
    """What the machine allows: *soft*, which may be raised to *hard*."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> None:
        self.now = soft, hard
        monkeypatch.setattr(files.resource, "getrlimit", lambda _kind: self.now)
        monkeypatch.setattr(files.resource, "setrlimit", self.set)

    def set(self, _kind: Any, to: tuple[int, int]) -> None:
        self.now = to


@pytest.mark.parametrize(
    ("soft", "hard", "most", "after"),
    [
        (1024, 1024, 10, 1024),
        (1024, 4096, 2596, 4096),
        (1024, -1, 5000, 6500),
        (20_000, 20_000, 5000, 20_000),
    ],
)
def test_it_is_what_the_machine_has_files_for(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, after: int
) -> None:
    limit = Limit(monkeypatch, soft, hard)
    assert files.reserve("live", 5000) == most
    assert limit.now == (after, hard)


def test_what_is_reserved_for_one_is_not_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit(monkeypatch, 1024, 5000)
    assert files.reserve("imap", 2000) == 2000
    assert files.reserve("pop3", 2000) == 1500
    assert files.reserve("pop3", 1000) == 1000
    assert limit.now == (5000, 5000)
    files.give_back("imap")
    files.give_back("imap")
    assert files.reserve("pop3", 4000) == 3500
