"""Clients that do things at random with one mailbox, and notice whatever cannot be true.

Each believes what it is told and nothing else: a `Mirror` of the folder that it has selected.
What all of them know of each message is in one `Ledger`.  Each has a keyword that nobody else
sets, so that it knows for certain what a change of others has not touched.
"""

import random
import re
import threading
from bisect import insort
from collections import defaultdict

from communicate_email.imap.wire.sequences import written

from .reading_site import Wire, letter

FOLDERS = ("INBOX", "Archive")
FETCHED = re.compile(rb"\* (\d+) FETCH \((.*)\)\r\n", re.DOTALL)
NUMBER = re.compile(rb"Subject: n(\d+)\r\n")


class Mirror:
    """What one client believes of *folder*: uids in order (None: not told yet), flags, modseqs."""

    def __init__(self, folder, ledger):
        self.folder, self.ledger = folder, ledger
        self.uids, self.flags, self.modseq = [], {}, {}
        self.validity, self.highest = 0, 0  # up to which change all was told

    def hear(self, line, *, may_go):
        """Believe *line*, which nobody asked for; *may_go* is whether messages may go now."""
        words = line.split()
        if words[-1:] == [b"EXISTS"]:
            more = int(words[1]) - len(self.uids)
            assert more >= 0, line
            self.uids += [None] * more
        elif words[-1:] == [b"EXPUNGE"]:
            assert may_go, line
            number = int(words[1])
            assert 1 <= number <= len(self.uids), line
            uid = self.uids.pop(number - 1)
            self.flags.pop(uid, None)
        elif words[1:2] == [b"VANISHED"]:
            assert may_go, line
            self.vanished(numbers_in(words[2]))
        elif found := FETCHED.fullmatch(line):
            self.fetched(int(found[1]), found[2])
        self.notice(line)

    def notice(self, line):
        """Believe what *line* says of the numbers of changes."""
        if found := re.search(rb"\[UIDVALIDITY (\d+)\]", line):
            self.validity = int(found[1])
        if found := re.search(rb"MODSEQ \((\d+)\)\)\r\n$", line):
            self.highest = max(self.highest, int(found[1]))
        if found := re.search(rb"\[HIGHESTMODSEQ (\d+)\]", line):
            self.highest = int(found[1])

    def vanished(self, uids):
        """Believe that *uids* have gone."""
        for uid in uids:  # one of those that were only counted so far, where it is not known
            self.uids.remove(uid if uid in self.uids else None)
            self.flags.pop(uid, None)

    def back(self, told):
        """Believe what is *told* to who comes back (RFC 7162, 3.2.5)."""
        count = 0
        for line in told:
            words = line.split()
            if words[-1:] == [b"EXISTS"]:
                count = int(words[1])
            elif words[1:3] == [b"VANISHED", b"(EARLIER)"]:
                self.vanished(set(numbers_in(words[3])) & set(self.uids))
            elif words[1:2] == [b"VANISHED"]:
                gone = numbers_in(words[2])
                self.vanished(gone)
                count -= len(gone)
            elif found := FETCHED.fullmatch(line):
                uid = int(re.search(rb"UID (\d+)", found[2])[1])
                if uid not in self.uids:
                    insort(self.uids, uid)
                self.fetched(self.uids.index(uid) + 1, found[2])
            self.notice(line)
        assert len(self.uids) == count, (self.uids, told)

    def fetched(self, number, said):
        """Believe what is *said* of message *number*."""
        assert 1 <= number <= len(self.uids), said
        uid = int(re.search(rb"UID (\d+)", said)[1])
        assert self.uids[number - 1] in (None, uid), (number, uid, self.uids)
        self.uids[number - 1] = uid
        known = [each for each in self.uids if each]
        assert known == sorted(set(known)), known
        flags = re.search(rb"FLAGS \(([^)]*)\)", said)
        modseq = re.search(rb"MODSEQ \((\d+)\)", said)
        if flags and modseq:
            self.is_flagged(uid, frozenset(flags[1].lower().split()), int(modseq[1]))
        elif modseq:  # of a change of this client's own that was to be silent
            assert int(modseq[1]) > self.modseq[uid]
            self.modseq[uid] = int(modseq[1])

    def is_flagged(self, uid, flags, modseq):
        """Believe that *uid* has *flags* since the change *modseq*."""
        assert modseq >= self.modseq.get(uid, 0), (uid, modseq, self.modseq)
        self.ledger.observe(self.folder, uid, modseq, flags)
        self.flags[uid], self.modseq[uid] = flags, modseq

    def state(self):
        """Return uid, flags and modseq of each message."""
        return [(uid, self.flags[uid], self.modseq[uid]) for uid in self.uids]


class Ledger:
    """What is known for certain, by whoever brought it about."""

    def __init__(self):
        self.lock = threading.Lock()
        self.number = 0
        self.put = {}  # number -> place: where it was put at first; None: nobody was told
        self.went = {}  # place -> place it was moved to
        self.doomed = set()  # numbers that somebody tried to destroy
        self.astray = set()  # numbers that somebody moves who does not tell where to
        self.seen = {}  # folder, uid, modseq -> flags
        self.subjects = {}  # place -> number that was read there
        self.marks = defaultdict(dict)  # place -> keyword -> whether its client has set it

    def numbers(self, count):
        """Return numbers that nobody has had."""
        with self.lock:
            self.number += count
            return list(range(self.number - count + 1, self.number + 1))

    def came(self, number, place):
        """Note that *number* was put at *place*."""
        with self.lock:
            assert number not in self.put
            assert place is None or place not in self.put.values(), place
            self.put[number] = place

    def moved(self, pairs):
        """Note that what was at the first place of each pair is at the second one."""
        with self.lock:
            for old, new in pairs:
                assert old not in self.went, (old, new, self.went[old])
                assert new not in self.went.values(), new
                self.went[old] = new

    def observe(self, folder, uid, modseq, flags):
        """Note flags; everybody was told the same of the same change."""
        assert self.seen.setdefault((folder, uid, modseq), flags) == flags

    def read(self, place, number):
        """Note which message is at *place*: it is always the same."""
        assert self.subjects.setdefault(place, number) == number

    def last(self, place):
        """Return where what was at *place* is now, or was last, and each place on its way."""
        way = [place]
        while way[-1] in self.went:
            way.append(self.went[way[-1]])
        return way


class Client(threading.Thread):
    """One of them: *count* steps at random, by *seed*."""

    def __init__(self, wire: Wire, ledger, seed, until):
        super().__init__()
        self.wire, self.ledger, self.until = wire, ledger, until
        self.random = random.Random(seed)
        self.keyword = b"k%d" % seed
        self.mirror = None
        self.resyncs = seed % 2 == 1
        self.left = {}  # folder -> what was believed of it when it was left
        self.raised = None
        self.steps = 0
        self.status = {}

    def run(self):
        """Take steps as long as there are any left, then hear what is new."""
        try:
            self.ask("ENABLE QRESYNC" if self.resyncs else "ENABLE CONDSTORE")
            self.select()
            for _step in self.until:
                act = self.random.choices(*zip(*STEPS.items(), strict=True))[0]
                act(self)
                self.steps += 1
        except BaseException as error:
            self.raised = error

    # The conversation

    def ask(self, command, *literals, may_go=True, good=True):
        """Say *command* and believe what is told; return the lines."""
        told = self.wire.ask(command, *literals)
        if self.mirror is not None:
            for line in told[:-1]:
                self.mirror.hear(line, may_go=may_go)
            self.mirror.notice(told[-1])
        if good:
            assert b" OK" in told[-1][:12], (command, told)
        return told

    def settle(self):
        """Ask of what was told without uid or flags."""
        unknown = [uid not in self.mirror.flags for uid in self.mirror.uids]
        if any(unknown):
            first = unknown.index(True) + 1
            self.ask(f"FETCH {first}:* (UID FLAGS MODSEQ)", may_go=False)
            assert set(self.mirror.uids) == set(self.mirror.flags)

    def place(self, uid):
        """Return what stands for *uid* in the ledger."""
        return (self.mirror.folder, uid)

    def some(self, most):
        """Return some uids that this client believes in."""
        known = [uid for uid in self.mirror.uids if uid in self.mirror.flags]
        return sorted(self.random.sample(known, min(most, len(known))))

    def known(self, most):
        """Yield uid and flags of some, as long as they are there."""
        for uid in self.some(most):
            if uid in self.mirror.flags:
                yield uid, self.mirror.flags[uid]

    # Steps

    def select(self, folder=None):
        """Look into one of the folders; who was there before, and resyncs, is told what is new."""
        if self.mirror is not None and None not in self.mirror.uids:
            self.left[self.mirror.folder] = self.mirror
        self.mirror = None
        folder = folder or self.random.choice(FOLDERS)
        known = self.left.get(folder) if self.resyncs else None
        if known is not None:
            told = self.ask(f"SELECT {folder} (QRESYNC ({known.validity} {known.highest}))")
            known.back(told[:-1])
            self.mirror = known
            return
        told = self.ask(f"SELECT {folder}")
        self.mirror = Mirror(folder, self.ledger)
        for line in told[:-1]:
            self.mirror.hear(line, may_go=True)
        if self.mirror.uids:
            self.ask("FETCH 1:* (UID FLAGS MODSEQ)", may_go=False)

    def noop(self):
        """Hear what is new."""
        self.ask("NOOP")
        self.settle()

    def idle(self):
        """Wait for news, for a moment."""
        self.wire.send(b"i IDLE\r\n")
        while not self.wire.line().startswith(b"+"):
            pass
        self.wire.send(b"DONE\r\n")
        while (line := self.wire.line()) and not line.startswith(b"i "):
            self.mirror.hear(line, may_go=True)
        assert line.startswith(b"i OK")

    def append(self):
        """Put messages into a folder, one or some."""
        numbers = self.ledger.numbers(self.random.choice((1, 1, 2, 3)))
        folder = self.random.choice(FOLDERS)
        letters = [letter(f"n{number}", Message_ID=f"<{number}@x>") for number in numbers]
        parts = b"".join(b" {%d+}\r\n%b" % (len(one), one) for one in letters)
        told = self.ask(b"APPEND %b%b" % (folder.encode(), parts))
        uids = numbers_in(re.search(rb"APPENDUID \d+ ([\d:,]+)", told[-1])[1])
        for number, uid in zip(numbers, uids, strict=True):
            self.ledger.came(number, (folder, uid))

    def mark(self):
        """Set the keyword of one's own, or take it away."""
        for uid, flags in self.known(3):
            has = self.keyword in flags
            sign = b"-" if has else b"+"
            self.wanted(uid, b"UID STORE %d %bFLAGS (%b)" % (uid, sign, self.keyword), not has)

    def silent(self):
        """Set the star or take it away, to be told only of what others have changed."""
        for uid, flags in self.known(2):
            has = b"\\flagged" in flags
            sign = "-" if has else "+"
            self.ask(f"UID STORE {uid} {sign}FLAGS.SILENT (\\Flagged)")
            if self.mirror.flags.get(uid) is flags:  # nothing else was told
                self.mirror.flags[uid] = flags ^ {b"\\flagged"}

    def replace(self):
        """Set all flags anew, unless somebody has changed them meanwhile."""
        for uid, flags in self.known(2):
            flags = flags ^ {self.keyword, b"\\flagged"}
            has = self.keyword in flags
            since, names = self.mirror.modseq[uid], b" ".join(flags)
            command = b"UID STORE %d (UNCHANGEDSINCE %d) FLAGS (%b)" % (uid, since, names)
            self.wanted(uid, command, has)

    def wanted(self, uid, command, has):
        """Change flags by *command*; note that the keyword is set then, where it was done."""
        told = self.ask(command)
        if b"MODIFIED" in told[-1]:
            return
        fetched = [line for line in told if b"UID %d " % uid in line and b"FETCH" in line]
        if fetched:
            assert (self.keyword in fetched[-1]) is has, (command, told)
            self.ledger.marks[self.place(uid)][self.keyword] = has

    def star(self):
        """Set flags that others set too."""
        numbers = (
            self.random.sample(range(1, len(self.mirror.uids) + 1), 1) if self.some(1) else []
        )
        for number in numbers:
            sign = self.random.choice("+-")
            self.ask(f"STORE {number} {sign}FLAGS (\\Flagged)", may_go=False)

    def move(self):
        """Put some into the other folder."""
        uids = self.some(3)
        target = FOLDERS[self.mirror.folder == FOLDERS[0]]
        if not uids:
            return
        mirror = self.mirror
        told = self.ask(f"UID MOVE {written(uids)} {target}")
        for line in told:
            if found := re.search(rb"COPYUID \d+ ([\d:,]+) ([\d:,]+)", line):
                old, new = map(numbers_in, found.groups())
                pairs = zip(old, new, strict=True)
                self.ledger.moved(((mirror.folder, one), (target, other)) for one, other in pairs)
                assert not set(old) & set(mirror.uids)

    def destroy(self):
        """Mark one as deleted, and destroy it."""
        for uid in self.some(1):
            told = b"".join(self.ask(f"UID FETCH {uid} (BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
            if found := NUMBER.search(told):
                self.ledger.doomed.add(int(found[1]))
            self.ask(f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)")
            self.ask(f"UID EXPUNGE {uid}")
            assert uid not in self.mirror.uids

    def destroy_all(self):
        """Destroy what anybody has marked."""
        self.ask("EXPUNGE")

    def close(self):
        """Destroy what anybody has marked, and look elsewhere."""
        self.left.pop(self.mirror.folder, None)
        self.mirror = None
        self.ask("CLOSE")
        self.select()

    def read(self):
        """Read some."""
        for uid in self.some(2):
            told = b"".join(self.ask(f"UID FETCH {uid} (BODY[])"))
            if found := NUMBER.search(told):
                self.ledger.read(self.place(uid), int(found[1]))

    def search(self):
        """Find all: their numbers are those that are believed in."""
        told = self.ask("SEARCH UNKEYWORD nothing", may_go=False)
        (found,) = (line for line in told if line.startswith(b"* SEARCH"))
        numbers = [int(word) for word in found.split()[2:]]
        assert numbers == sorted(set(numbers))
        assert not numbers or numbers[-1] <= len(self.mirror.uids)

    def count(self):
        """Count the other folder: some numbers only ever grow."""
        target = FOLDERS[self.mirror.folder == FOLDERS[0]]
        told = self.ask(f"STATUS {target} (UIDNEXT HIGHESTMODSEQ)")
        found = tuple(int(word) for word in re.findall(rb"(?:NEXT|SEQ) (\d+)", told[0]))
        assert all(
            new >= old for new, old in zip(found, self.status.get(target, (0, 0)), strict=True)
        )
        self.status[target] = found


STEPS = {
    Client.append: 10,
    Client.mark: 10,
    Client.replace: 6,
    Client.star: 4,
    Client.silent: 4,
    Client.move: 8,
    Client.destroy: 3,
    Client.destroy_all: 1,
    Client.close: 1,
    Client.select: 3,
    Client.noop: 8,
    Client.idle: 3,
    Client.read: 4,
    Client.search: 3,
    Client.count: 3,
}


def numbers_in(words):
    """Return the numbers that a set of uids means."""
    found = []
    for part in words.decode().split(","):
        low, _colon, high = part.partition(":")
        found += range(int(low), int(high or low) + 1)
    return found


def truth(wire, ledger):
    """Return what is in each folder as somebody sees who has just come, and who is where."""
    mirrors, where = {}, {}
    wire.ask("ENABLE CONDSTORE")
    for folder in FOLDERS:
        told = wire.ask(f"SELECT {folder}")
        mirror = mirrors[folder] = Mirror(folder, ledger)
        told += wire.ask("UID FETCH 1:* (UID FLAGS MODSEQ)")
        for line in told:
            mirror.hear(line, may_go=False)
        for line in wire.ask("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])"):
            if found := NUMBER.search(line):
                uid = int(re.search(rb"UID (\d+)", line)[1])
                number = int(found[1])
                assert number not in where, f"{number} is doubled"
                where[number] = (folder, uid)
                ledger.read((folder, uid), number)
    return mirrors, where


def agree(clients, ledger, wire):
    """Assert that nothing is lost or doubled, and that every client sees what there is."""
    mirrors, where = truth(wire, ledger)
    for client in clients:
        client.noop()
        if client.resyncs:
            for folder in FOLDERS:
                client.select(folder)
                assert client.mirror.state() == mirrors[folder].state()
        there = mirrors[client.mirror.folder].state()
        found = client.mirror.state()
        assert found == there, (client.mirror.folder, set(found) ^ set(there))
    for number, place in ledger.put.items():
        assert number in where or number in ledger.doomed, f"{number} is lost"
        if number not in where or place is None or number in ledger.astray:
            continue
        way = ledger.last(place)
        assert where[number] == way[-1]
        folder, uid = way[-1]
        flags = mirrors[folder].flags[uid]
        marks = {key: has for each in way for key, has in ledger.marks[each].items()}
        assert {key: key in flags for key in marks} == marks, (number, way)
    assert set(where) <= set(ledger.put)
