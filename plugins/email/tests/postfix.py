"""Debian's Postfix, from the file that we give to operators, in a folder of its own."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from communicate.testing.programs import as_root, needed

GIVEN = Path(__file__).parents[3] / "deploy" / "postfix" / "main.cf"
OWN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
mynetworks =
smtp_address_preference = ipv4
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
disable_dns_lookups = yes
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
default_process_limit = 20
"""
MASTER = """
outside unix n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Takes mail on a socket of the file system, and hands it to *lmtp*, a path."""

    def __init__(self, certificate, key, domain="localhost"):
        for program in ("postfix", "smtp-source"):
            needed(f"/usr/sbin/{program}")
        as_root("Postfix")
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.lmtp = self.folder / "lmtp.sock"
        self.certificate, self.key, self.domain = certificate, key, domain

    def start(self):
        """Start it."""
        given = GIVEN.read_text(encoding="utf-8")
        for old, new in (
            ("/run/communicate/lmtp.sock", str(self.lmtp)),
            (
                "virtual_mailbox_domains = communicate.example",
                f"virtual_mailbox_domains = {self.domain}",
            ),
            ("/etc/ssl/communicate/fullchain.pem", str(self.copied(self.certificate))),
            ("/etc/ssl/communicate/key.pem", str(self.copied(self.key))),
        ):
            assert old in given
            given = given.replace(old, new)
        self.begin(given + OWN.format(folder=self.folder), MASTER)
        return self

    def begin(self, main, master):
        """Start it with these two files; what it reads is open to its account at any umask."""
        for name, owner in (("queue", "root"), ("data", "postfix"), ("etc", "root")):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o755)
            shutil.chown(self.folder / name, owner)
        for name, text in (("main.cf", main), ("master.cf", master)):
            (self.folder / "etc" / name).write_text(text, encoding="utf-8")
            (self.folder / "etc" / name).chmod(0o644)
        self.run("start")

    def copied(self, path):
        there = self.folder / path.name
        shutil.copy(path, there)
        return there

    def run(self, *words, command="postfix"):
        """Return what ``postfix *words`` prints."""
        where = ("-c", str(self.folder / "etc"))
        done = subprocess.run(
            [f"/usr/sbin/{command}", *where, *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            umask=0o022,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.log()
        return done.stdout

    def log(self):
        path = self.folder / "mail.log"
        return path.read_text(errors="replace")[-5000:] if path.exists() else ""

    @property
    def outside(self):
        """The socket on which it takes mail."""
        return self.folder / "queue" / "public" / "outside"

    def waiting(self):
        """Return how many messages wait in its queue."""
        return sum(1 for line in self.run("-j", command="postqueue").splitlines() if line)

    def source(self, count, *options, to="ines@localhost"):
        """Send *count* messages of 4 KB over ten connections."""
        done = subprocess.run(
            [
                *("/usr/sbin/smtp-source", "-s", "10", "-m", str(count), "-l", "4096"),
                *("-f", "ada@example.net", "-t", to, *options, f"unix:{self.outside}"),
            ],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.log()

    def stop(self):
        """Stop it, and leave nothing."""
        if (self.folder / "etc").exists():
            self.run("stop")
        shutil.rmtree(self.folder)
