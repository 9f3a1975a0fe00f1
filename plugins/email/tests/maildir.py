"""The copy of a mailbox on a member's own disk, as its owner's programs keep and change it."""

import re

SUBJECT = re.compile(rb"^Subject: (.*?)\r?$", re.MULTILINE)


class Maildir:
    """A folder of that copy."""

    def __init__(self, path):
        self.path = path

    def make(self):
        """Make it."""
        for part in ("cur", "new", "tmp"):
            (self.path / part).mkdir(parents=True)
        return self

    def files(self):
        """Return where each message is, by what it is about."""
        found = {}
        for part in ("new", "cur"):
            for path in (self.path / part).iterdir():
                found[SUBJECT.search(path.read_bytes())[1].decode()] = path
        return found

    def flags(self):
        """Return the flags of each message, by what it is about."""
        return {
            subject: set(path.name.partition(":2,")[2]) for subject, path in self.files().items()
        }

    def mark(self, subject, flags):
        """Give a message other flags."""
        path = self.files()[subject]
        path.rename(self.path / "cur" / f"{path.name.partition(':')[0]}:2,{flags}")

    def remove(self, subject):
        """Remove a message; return what it was."""
        path = self.files()[subject]
        octets = path.read_bytes()
        path.unlink()
        return octets

    def put(self, octets, flags="S"):
        """Put a message there."""
        number = len(list((self.path / "cur").iterdir()))
        path = self.path / "cur" / f"{1_700_000_000 + number}.{number}.desk:2,{flags}"
        path.write_bytes(octets.replace(b"\r\n", b"\n"))
