"""The two servers, each with a mailbox of ines: ours, and Debian's Dovecot with the same TLS."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import harness
from imap_wire import Wire

from communicate.interfaces import IAppPasswords
from communicate.testing.house import House
from communicate.testing.server import free_port
from communicate.tls import making

DOVECOT = "/usr/sbin/dovecot"
CONF = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/crt
ssl_key = <{folder}/key
ssl_dh =
listen = 127.0.0.1
mail_location = sdbox:{folder}/mail/%u
mail_fsync = always
first_valid_uid = 1
mail_max_userip_connections = 2000
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/home/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""
Opened = Callable[[], Wire]


@contextmanager
def ours() -> Iterator[Opened]:
    """Serve a site by IMAP; yield what returns a client that has signed in."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name) / "site", free_port()
        before = os.umask(0o077)
        house = House(folder, ["email"], {})
        uid = house.member("ines")
        secret = house.work(
            lambda request: request.find_service(IAppPasswords).make(uid, "bench", ["mail"])
        )
        house.close()
        files = folder / "var" / "tls"
        files.mkdir(parents=True, exist_ok=True)
        _certified(files / "site.key", files / "site.crt")
        os.umask(before)
        settings = {"email.imaps": f"127.0.0.1:{port}", **LIMITS}
        with harness.Served(folder, "email", **settings) as server:
            yield Sited(port, "ines", secret, server.process.pid if server.process else 0)


LIMITS = {
    "email.programs_per_address": "5000",
    "email.programs_per_member": "1000",
    "email.programs_connections": "5000",
    "email.programs_connects": "100000/minute",
}


class Sited:
    """What makes clients of one server, whose process is *pid*."""

    def __init__(self, port: int, name: str, secret: str, pid: int) -> None:
        self.port, self.name, self.secret, self.pid = port, name, secret, pid

    def __call__(self) -> Wire:
        """Return a client that has signed in."""
        return Wire(self.port, self.name, self.secret)


def _certified(secret: Path, public: Path) -> None:
    key, certificate = making.make(making.HERE, datetime.now(UTC))
    secret.write_bytes(key)
    public.write_bytes(certificate)


@contextmanager
def theirs() -> Iterator[Opened]:
    """Serve Dovecot; yield what returns a client that has signed in."""
    folder, port = Path(tempfile.mkdtemp(prefix="dovecot-")), free_port()
    folder.chmod(0o755)
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    for name in ("mail", "home"):
        shutil.chown(folder / name, "mail", "mail")
    _certified(folder / "key", folder / "crt")
    (folder / "conf").write_text(CONF.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "conf")])  # noqa: S603
    try:
        made = Sited(port, "ines", "x", process.pid)
        _wait(made)
        yield made
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(made: Sited) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            made().close()
        except (OSError, EOFError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Dovecot does not answer")


def letter(number: int, size: int) -> bytes:
    """Return a message of about *size* octets."""
    head = (
        f"From: Luce {number} <luce{number}@ailleurs.example>\r\nTo: ines@localhost\r\n"
        f"Subject: Lettre {number} de la serre\r\nMessage-ID: <{number}@ailleurs.example>\r\n"
        "Date: Mon, 2 Feb 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    line = f"Les zinnias de la lettre {number} attendent au soleil du jardin.\r\n"
    return (head + line * max(1, (size - len(head)) // len(line))).encode()
