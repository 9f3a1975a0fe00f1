"""Kill backups and restores at many points, and look what is left.

Usage: killed.py FOLDER.  Each act is a child of its own; one that is to be killed kills itself
with SIGKILL once so many chunks have passed, or so many words of progress have been said.
"""

import io
import os
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path

from communicate.backup import age, making, restoring, verifying
from communicate.backup.errors import Unfinished
from communicate.backup.making import Places
from communicate.backup.restoring import Wanted
from communicate.backup.target import Target
from communicate.cli.config import Config
from communicate.cli.console import Console
from communicate.interfaces import ISeals
from communicate.testing.house import House

CHUNKS = (1, 4, 9, 25)
WORDS = (1, 2, 3)


class Site:
    """A site in *folder*, its backup, and the number of people that the last whole one holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = Places(folder / "backup", folder / "keys")
        self.identity = folder / "identity.txt"

    @property
    def settings(self):
        public = self.identity.read_text().split()[3]
        return {"backup_recipients": public, "language": "en"}

    @property
    def config(self):
        ini = {f"communicate.{name}": value for name, value in self.settings.items()}
        ini |= {"communicate.mode": "testing", "communicate.url": "http://localhost"}
        return Config(self.folder / "site.ini", {"here": str(self.folder / "house")}, ini)

    def house(self):
        return House(self.folder / "house", [], self.settings)

    def grow(self, login):
        """Add a member with a file."""
        house = self.house()
        uid = house.member(login)

        def put(request):
            source = io.BytesIO(login.encode() * 40_000)
            blob = request.find_service(ISeals).seal_stream(uid, "file", source)
            request.root_map[f"file-{login}"] = blob

        house.work(put)
        house.close()

    def back_up(self, say=print):
        house = self.house()
        making.make(house.registry, self.places, say)
        house.close()

    def restore(self, say=print):
        console = Console(self.config, self.folder)
        wanted = Wanted(self.places, [self.identity])
        restoring.restore(self.config, wanted, lambda: console.registry, say)
        console.close()

    def check_backup(self, made):
        """The backup is whole, and the one that was *made* then."""
        assert Target(self.places.folder).manifest().made == made, "another backup is there"
        opened = verifying.Opened(self.config, self.places, [self.identity])
        assert list(verifying.verify(opened, print)) == []

    def check_members(self, *logins):
        house = self.house()
        assert house.work(lambda r: sorted(r.site["members"])) == sorted(logins)
        house.close()

    def check_refused(self):
        """Nobody opens what a restore has left half done."""
        try:
            self.house()
        except Unfinished:
            return
        raise AssertionError("a half restored site was opened")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after_chunks(most: int, act) -> None:
    """Do *act*, and be killed once *most* chunks have been encrypted or decrypted."""
    seen = 0
    real = age.Counted._note

    def note(self, data):
        nonlocal seen
        seen += 1
        if seen >= most:
            die()
        real(self, data)

    age.Counted._note = note
    act()


def after_words(most: int, act) -> None:
    """Do *act*, and be killed once it has said something *most* times."""
    said = []

    def say(text):
        said.append(text)
        if len(said) >= most:
            die()

    act(say=say)


def child(act, *, killed: bool = False) -> None:
    """Do *act* in a child; exit unless it ends as it should."""
    number = os.fork()
    if not number:
        with suppress(BaseException):
            try:
                act()
                os._exit(0)
            except BaseException:
                traceback.print_exc()
        os._exit(1)
    _pid, status = os.waitpid(number, 0)
    if killed != os.WIFSIGNALED(status) or (not killed and status):
        sys.exit(f"{act} ended with {status}")


def deaths(act):
    """Yield every way in which *act* is killed."""
    for most in CHUNKS:
        yield partial(after_chunks, most, act)
    for most in WORDS:
        yield partial(after_words, most, act)


def backups(site: Site) -> None:
    """Kill a backup in each way: the one before stays whole, the next one goes through."""
    child(partial(site.grow, "paul"))
    child(site.back_up)
    made = Target(site.places.folder).manifest().made
    for number, death in enumerate(deaths(site.back_up)):
        child(partial(site.grow, f"rose{number}"))
        child(death, killed=True)
        child(partial(site.check_backup, made))
    child(site.back_up)
    made = Target(site.places.folder).manifest().made
    child(partial(site.check_backup, made))
    left = {path.name for path in site.places.folder.rglob("*") if path.is_file()}
    named = {Path(name).name for name in Target(site.places.folder).manifest().files()}
    assert left == {*named, "manifest.json", ".lock"}


def restores(site: Site) -> None:
    """Kill a restore in each way: what it left is not opened, and the next one goes through."""
    people = ["paul", *(f"rose{number}" for number in range(len(CHUNKS) + len(WORDS)))]
    shutil.rmtree(site.folder / "house" / "var")
    for death in (*deaths(site.restore), partial(after_words, 6, site.restore)):
        child(death, killed=True)
        child(site.check_refused)
    child(site.restore)
    child(partial(site.check_members, *people))


def main() -> None:
    folder = Path(sys.argv[1])
    site = Site(folder)
    age.new_identity(site.identity)
    backups(site)
    restores(site)


if __name__ == "__main__":
    main()
