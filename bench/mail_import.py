"""Mail that is brought along: an mbox into a mailbox, against reading it."""

import email
import email.policy
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mail_store import house, message

from communicate_email.store.importing import Importer, sources

TURNS = 3


def parsed(raws: list[bytes]) -> float:
    """Return how long the standard library takes to read each of *raws*: head, parts, text."""
    start = time.perf_counter()
    for raw in raws:
        read = email.message_from_bytes(raw, policy=email.policy.default)
        for name in ("From", "To", "Subject", "Date", "Message-ID"):
            str(read[name])
        for part in read.walk():
            if part.get_content_maintype() == "text":
                part.get_content()
    return time.perf_counter() - start


def imported(raws: list[bytes], turn: int) -> float:
    """Return how long it takes to import an mbox of *raws*."""
    with house() as made, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.mbox"
        with path.open("wb") as out:
            for raw in raws:
                out.write(b"From luce@elsewhere.example Mon Nov 30 08:00:00 2026\n")
                out.write(raw.replace(b"\r\n", b"\n") + b"\n")
        uid = made.member("ines")
        start = time.perf_counter()
        done = Importer(made.registry, uid).run(sources(path))
        taken = time.perf_counter() - start
        if done.kept != len(raws):
            raise RuntimeError(f"{done} in turn {turn}")
    return taken


def import_vs_parse(options: Any) -> tuple[float, str]:
    """Return the time to import messages ÷ the time the standard library takes to parse them."""
    raws = [message(number) for number in range(options.imported)]
    pairs = [(imported(raws, turn), parsed(raws)) for turn in range(TURNS)]
    print(" ".join(f"{ours:.2f}/{theirs:.2f} s" for ours, theirs in pairs), file=sys.stderr)
    return statistics.median(ours / theirs for ours, theirs in pairs), "<=4"


FIGURES = {"import_vs_parse": import_vs_parse}
