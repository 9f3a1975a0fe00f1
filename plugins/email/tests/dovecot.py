"""Debian's Dovecot, set up for one test: what it answers is compared with what we answer."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from communicate.testing.programs import as_root, needed
from communicate.testing.server import free_port

CONF = """
protocols = imap pop3
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
mail_location = sdbox:{folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 100
login_trusted_networks = 127.0.0.1/32
namespace inbox {{
  inbox = yes
  separator = /
{boxes}
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
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""
BOX = """  mailbox {name} {{
    special_use = \\{name}
    auto = subscribe
  }}"""


class Dovecot:
    """A Dovecot with the folders that members have here; every login is let in."""

    def __init__(self):
        as_root("Dovecot")
        self.program = needed("/usr/sbin/dovecot")
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        for name in ("run", "state", "mail", "home"):
            made = self.folder / name
            made.mkdir(mode=0o755)
            if name in ("mail", "home"):
                shutil.chown(made, "mail", "mail")
        self.imap, self.pop3 = free_port(), free_port()
        boxes = "\n".join(
            BOX.format(name=name) for name in ("Drafts", "Sent", "Archive", "Junk", "Trash")
        )
        conf = self.folder / "conf"
        text = CONF.format(folder=self.folder, imap=self.imap, pop3=self.pop3, boxes=boxes)
        conf.write_text(text, encoding="utf-8")
        self.process = subprocess.Popen(
            [self.program, "-F", "-c", str(conf)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self):
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.imap), 1) as sock:
                    if sock.recv(4):
                        return
            except OSError:
                time.sleep(0.05)
        log = (self.folder / "log").read_text(encoding="utf-8")
        raise RuntimeError(f"Dovecot does not answer:\n{log}")

    def close(self):
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
