"""Dovecot's ``sieve-test``: what another executor wants done with a message."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from communicate.testing.programs import needed

_STORE = re.compile(r"^ \* store message in folder: (.*)$")
_FLAGS = re.compile(r"^\s+\+ add IMAP flags:(.*)$")
NOBODY = 65534  # Dovecot touches no mail as root


class SieveTest:
    """Runs scripts in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.program = needed("sieve-test")
        self.folder = folder
        self.uid = os.getuid() or NOBODY
        self.gid = os.getgid() or NOBODY
        self.write("dovecot.conf", self.settings().encode())

    def settings(self) -> str:
        return (
            f"mail_uid = {self.uid}\nmail_gid = {self.gid}\n"
            "first_valid_uid = 0\nfirst_valid_gid = 0\nlog_path = /dev/stderr\n"
        )

    def write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        path.chmod(0o644)
        return path

    def __call__(self, script: str, raw: bytes, sender: str, recipient: str) -> list[tuple]:
        """Return the folders and flags *script* wants, folders in order, flags as a set."""
        script_path = self.write("script.sieve", script.encode())
        mail = self.write("mail.eml", raw)
        command = [
            self.program, "-c", self.folder / "dovecot.conf", "-l", f"maildir:{self.folder}/M",
            "-f", sender, "-a", recipient, "-r", recipient, script_path, mail,
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=120, env={"HOME": str(self.folder)}
        )
        said = done.stdout.decode("utf-8", "replace")
        assert "Performed actions" in said, done.stderr.decode("utf-8", "replace")
        return wanted(said)


def wanted(said: str) -> list[tuple]:
    """Return what *said*, the program's report, has done; an answer is told as ``vacation``."""
    found: list[tuple] = []
    for line in said.splitlines():
        if store := _STORE.match(line):
            found.append((store[1], frozenset()))
        elif (flags := _FLAGS.match(line)) and found:
            found[-1] = (found[-1][0], frozenset(flags[1].lower().split()))
        elif line.startswith(" * send vacation message"):
            found.append(("vacation", frozenset()))
    return found


@contextmanager
def ready() -> Iterator[SieveTest]:
    """Yield the program, in a folder in which it may work, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.getuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield SieveTest(folder)
