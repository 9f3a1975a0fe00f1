"""The same commands to Dovecot and to us: the answers are alike, or it is said why not."""

import re

import pytest

from communicate_email.imap.wire.framing import Literal
from communicate_email.imap.wire.scanner import Scanner

from .dovecot import Dovecot
from .imap_odd import AWAY, ODD, WHY_ODD
from .imap_script import EXPLAINED, MAILS, SCRIPT
from .imap_threads import letters
from .reading_site import Library, Wire


class Both:
    """A connection to each of the two, on mailboxes that began alike."""

    def __init__(self, ours, theirs):
        self.pair = (ours, theirs)

    def ask(self, command, *literals):
        """Return what each answers to *command*, put in order."""
        found = (one.ask(command, *literals) for one in self.pair)
        return tuple(told(lines, loosely(command)) for lines in found)

    def close(self):
        for one in self.pair:
            one.close()


def told(lines, unasked=frozenset()):
    """Return answers as they are compared: what may differ between servers is taken out.

    *unasked* are attributes of folders that may be told or not.
    """
    *untagged, last = lines
    return sorted(filter(None, (_untagged(one, unasked) for one in untagged))), _status(last)


CHILDREN = frozenset({"\\HasChildren", "\\HasNoChildren"})
USES = frozenset({"\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash"})


def loosely(command):
    """Return the attributes that nobody asks for with *command* (RFC 5258, 3; RFC 6154, 2)."""
    found = frozenset({"\\Marked", "\\UnMarked"})
    name, _blank, asked = command.partition(" ") if isinstance(command, str) else ("", "", "")
    if name == "LSUB":
        return found | CHILDREN | USES
    if name == "LIST" and "(" in asked:
        found |= frozenset() if "CHILDREN" in asked else CHILDREN
        found |= frozenset() if "SPECIAL-USE" in asked else USES
    return found


def _status(line):
    words = line.split(b" ", 2)[1:]
    code = re.match(rb"\[([A-Z-]+)", words[1]) if len(words) > 1 else None
    said = code[1].decode() if code else ""
    return words[0].decode(), "" if said in MORE else said


# Numbers and names that each server chooses by itself.
CHOSEN = (b"UIDVALIDITY", b"HIGHESTMODSEQ", b"MAILBOXID")
# Answers with more to say for programs than that they are no (RFC 5530), or that it is made.
MORE = ("NONEXISTENT", "CANNOT", "MAILBOXID", "CLIENTBUG")
SYSTEM = re.compile(rb"\\[A-Z][a-z]+")


def _untagged(line, unasked):
    """Return an untagged answer as something that can be compared, None where it says nothing."""
    if line.startswith(b"* OK "):
        return _coded(line)
    if line.endswith(b" RECENT\r\n"):  # nothing is recent here (RFC 9051, appendix E, 16)
        return None
    if line.startswith(b"* FLAGS "):
        return ("FLAGS", repr(sorted(SYSTEM.findall(line))))
    fetched = re.match(rb"\* (\d+) FETCH ", line)
    if fetched:
        return ("FETCH", int(fetched[1]), repr(_items(line[fetched.end() :])))
    words = line.rstrip().split(b" ", 2)
    if words[1] in (b"LIST", b"LSUB"):
        attributes, *more = _words(line[len(words[1]) + 3 :])
        return (words[1].decode(), repr([sorted({*attributes} - unasked), *more]))
    if words[1] == b"STATUS":
        name, values = _words(line[9:])
        return ("STATUS", name.upper(), repr(sorted(zip(values[::2], values[1::2], strict=True))))
    if words[1] == b"SEARCH":
        return ("SEARCH", repr(_words(line[9:])))
    return ("", repr(line.rstrip()))  # Dovecot writes a blank after THREAD of nothing


def _coded(line):
    """Return what the code of an untagged OK says, None where that is nothing to compare."""
    code = re.match(rb"\* OK \[([A-Z-]+)(?: ([^\]]*))?\]", line)
    if code is None or code[1] in CHOSEN:
        return None
    value = code[2] or b""
    if code[1] == b"PERMANENTFLAGS":  # which keywords are known already is the server's affair
        value = b" ".join(SYSTEM.findall(value))
    if code[1] == b"COPYUID":
        value = value.partition(b" ")[2]
    return ("OK", code[1].decode(), repr(sorted(value.split())))


def _items(octets):
    """Return the items of FETCH by name."""
    values = _words(octets)[0]
    found = dict(zip(values[::2], values[1::2], strict=False))
    found.pop("MODSEQ", None)
    if "FLAGS" in found:
        found["FLAGS"] = sorted({*found["FLAGS"]} - {"\\Recent"})
    if "INTERNALDATE" in found:
        found["INTERNALDATE"] = found["INTERNALDATE"].strip().zfill(26)
    if found.keys() - {"FLAGS"} == {"UID"}:  # a uid may be told unasked (RFC 9051, 7.5.2)
        del found["UID"]
    return sorted(found.items(), key=lambda item: item[0])


ATOM = re.compile(rb'[^\s()"\[]*(?:\[[^\]]*\])?[^\s()"]*')


def _words(octets):
    """Return *octets* as lists in lists."""
    parts, left = [], octets
    while found := re.search(rb"~?\{(\d+)\}\r\n", left):
        parts += [left[: found.start()], Literal(left[found.end() : found.end() + int(found[1])])]
        left = left[found.end() + int(found[1]) :]
    scanner = Scanner([*parts, left.rstrip(b"\r\n")])
    stack = [[]]
    while not scanner.at_end:
        if scanner.skip(b" "):
            continue
        if scanner.skip(b"("):
            stack.append([])
        elif scanner.skip(b")"):
            done = stack.pop()
            stack[-1].append(done)
        elif scanner.at_literal or scanner.peek() == b'"':
            stack[-1].append(scanner.string().decode("latin-1"))
        else:
            stack[-1].append(scanner.take(ATOM, "an atom")[0].decode("latin-1"))
    return stack[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    dovecot = Dovecot()
    library = Library(tmp_path_factory.mktemp("library"))
    made = Both(library.wire(), Wire(dovecot.imap, tls=False).sign_in("ines", "x"))
    for one in MAILS:
        made.ask(
            f'APPEND INBOX (\\Seen) "02-Feb-2026 10:00:00 +0000" {{{len(one)}}}', one + b"\r\n"
        )
    made.ask("SELECT INBOX")
    yield made
    made.close()
    library.close()
    dovecot.close()


def differ(both, script, explained):
    """Say *script* to both; fail where they differ and it is not *explained*, or need not be."""
    used, wrong = set(), []
    for command, *literals in script:
        ours, theirs = both.ask(command, *literals)
        why = next((pattern for pattern in explained if re.search(pattern, command)), None)
        if ours == theirs:
            continue
        if why is None:
            wrong.append((command, ours, theirs))
        else:
            used.add(why)
    assert wrong == []
    assert used == set(explained)


def test_dovecot_and_we_answer_alike_or_it_is_said_why(both):
    differ(both, SCRIPT, EXPLAINED)
    assert len(SCRIPT) >= 400


def test_what_is_said_seldom_is_answered_alike_or_it_is_said_why(both):
    both.ask("SELECT INBOX")
    differ(both, [(one,) for one in ODD], WHY_ODD)
    assert len(ODD) >= 150


def test_who_was_away_is_told_alike(both):
    both.ask("UNSELECT")
    both.ask("CREATE retour")
    for one in MAILS[:3] * 2:
        both.ask(f"APPEND retour (\\Seen) {{{len(one)}}}", one + b"\r\n")
    known = [known_of(wire.ask("SELECT retour (CONDSTORE)")) for wire in both.pair]
    both.ask("UNSELECT")
    for command in AWAY:
        ours, theirs = (
            told(wire.ask(command.format(**one)))
            for wire, one in zip(both.pair, known, strict=True)
        )
        assert ours == theirs, command


def known_of(lines):
    """Return the numbers by which a client comes back to the folder that *lines* tell of."""
    said = b"".join(lines)
    return {
        name: int(re.search(rb"\[%b (\d+)\]" % code, said)[1])
        for name, code in (("validity", b"UIDVALIDITY"), ("modseq", b"HIGHESTMODSEQ"))
    }


@pytest.mark.parametrize("seed", range(3))
def test_dovecot_and_we_make_the_same_threads_and_orders(both, seed):
    both.ask(f"CREATE fils{seed}")
    for one in letters(seed):
        both.ask(f"APPEND fils{seed} {{{len(one)}}}", one + b"\r\n")
    both.ask(f"SELECT fils{seed}")
    for command in (
        "THREAD REFERENCES UTF-8 ALL",
        "UID THREAD REFERENCES US-ASCII 10:30",
        "THREAD REFERENCES UTF-8 SUBJECT nothing",
        "SORT (SUBJECT) UTF-8 ALL",
        "UID SORT (REVERSE DATE) UTF-8 ALL",
        "SORT (REVERSE SUBJECT DATE) UTF-8 5:*",
    ):
        ours, theirs = both.ask(command)
        assert ours == theirs
        assert ours[1] == ("OK", "")
