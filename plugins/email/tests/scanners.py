"""Real programs that look at mail, each with files and sockets of its own in a folder."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from communicate import clamav
from communicate.testing.programs import needed
from communicate_email.receiving import rspamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
PATIENCE = 180  # seconds until one answers, on a machine that has much else to do

CLAMD = """
DatabaseDirectory {folder}/db
LocalSocket {folder}/clamd.sock
Foreground true
MaxThreads 2
TemporaryDirectory {folder}
"""

# Rules as Debian has them; a Bayes of its own, in files; name servers that are not there, and few
# suffixes of domains, which otherwise take half a minute to be read.
RSPAMD = """
lua = "$RULESDIR/rspamd.lua"
.include "$CONFDIR/metrics.conf"
.include "$CONFDIR/actions.conf"
.include "$CONFDIR/groups.conf"
.include "$CONFDIR/composites.conf"
.include "$CONFDIR/modules.conf"
modules {{ path = "${{PLUGINSDIR}}"; fallback_path = "${{SHAREDIR}}/lua"; }}
classifier "bayes" {{
  tokenizer {{ name = "osb"; }}
  cache {{ path = "{folder}/learnt.sqlite"; }}
  backend = "sqlite3"; min_tokens = 5; min_learns = 0;
  statfile {{ symbol = "BAYES_HAM"; path = "{folder}/ham.sqlite"; spam = false; }}
  statfile {{ symbol = "BAYES_SPAM"; path = "{folder}/spam.sqlite"; spam = true; }}
}}
options {{
  pidfile = "{folder}/rspamd.pid"; tempdir = "{folder}"; url_tld = "{folder}/suffixes";
  filters = "chartable,dkim,regexp"; control_socket = "{folder}/rspamd.sock mode=0600";
  dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.05s; retransmits = 1; }}
  disable_hyperscan = true;
}}
logging {{ type = "console"; level = "warning"; }}
worker "normal" {{ bind_socket = "{folder}/worker.sock mode=0600"; count = 1; }}
worker "controller" {{ bind_socket = "{folder}/controller.sock mode=0600"; count = 1; }}
"""


class Program:
    """A program that runs until it is stopped, with *files* of its own."""

    def __init__(self, files, *command):
        # not below pytest's folder: the path of a socket has a hundred octets at most
        self._holder = tempfile.TemporaryDirectory(prefix="scan-")
        self.folder = Path(self._holder.name)
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.format(folder=self.folder))
        self.command = [word.format(folder=self.folder) for word in command]
        self.process = None

    def start(self, answers):
        """Start it, and wait until it *answers*."""
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while not answers():
            said = (self.folder / "log").read_text(errors="replace")
            assert self.process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        return self

    def stop(self):
        """End it, and forget what it kept."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        self._holder.cleanup()


def clamd():
    """Return a clamd that knows one virus, and where it listens."""
    program = needed("clamd", "/usr/sbin/clamd")
    files = {"conf": CLAMD, "db/local.ndb": f"Eicar-Test-Local:0:*:{EICAR.hex()}\n"}
    if os.getuid() == 0:
        files["conf"] += "User root\n"
    made = Program(files, program, "-c", "{folder}/conf")
    address = str(made.folder / "clamd.sock")
    return made.start(lambda: clamav.answers(address)), address


def spam():
    """Return an rspamd, and where its worker and its controller listen."""
    program = needed("rspamd", "/usr/bin/rspamd", "/usr/sbin/rspamd")
    files = {"conf": RSPAMD, "suffixes": "com\nnet\norg\nexample\n"}
    variables = [f"--var={name}={{folder}}" for name in ("DBDIR", "RUNDIR", "LOCAL_CONFDIR")]
    made = Program(files, program, "-f", "-i", "-c", "{folder}/conf", *variables)
    worker, controller = (str(made.folder / f"{each}.sock") for each in ("worker", "controller"))
    made.start(lambda: rspamd.answers(worker) and rspamd.answers(controller))
    return made, worker, controller
