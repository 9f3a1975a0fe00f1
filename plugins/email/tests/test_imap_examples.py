"""What the standards show of IMAP is said, and answered as they show it, or it is told why not."""

import re
from itertools import count

import pytest

from .imap_examples import CONVERSATIONS
from .reading_site import Library

MEMBERS = count(1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Library(tmp_path_factory.mktemp("library"))
    yield made
    made.close()


@pytest.fixture
def wire(shared):
    """Return a connection of a member who has nothing yet."""
    login = f"member{next(MEMBERS)}"
    shared.uids[login] = shared.house.member(login)
    shared.secrets[login] = shared.secret(login)
    with shared.wire(login) as made:
        yield made


def is_as(line, wanted):
    """Tell whether *line* is as *wanted* says."""
    parts = re.split("([#~])", wanted)
    pattern = "".join({"#": "[0-9]+", "~": ".*?"}.get(one, re.escape(one)) for one in parts)
    return re.fullmatch(pattern, line, re.DOTALL) is not None


@pytest.mark.parametrize("where", CONVERSATIONS)
def test_the_standards_examples(wire, where):
    for said, *wanted in CONVERSATIONS[where]:
        command, *literals = (said,) if isinstance(said, str) else said
        lines = [line.decode() for line in wire.ask(command, *literals)]
        told = [line.removesuffix("\r\n") for line in lines if line != "* 0 RECENT\r\n"]
        tag, _blank, told[-1] = told[-1].partition(" ")
        wanted = [one.replace("{tag}", tag) for one in wanted]
        assert len(told) == len(wanted), (command, told)
        assert [pair for pair in zip(told, wanted, strict=True) if not is_as(*pair)] == [], command


def test_what_is_offered_is_what_the_standards_call_it(shared):
    with shared.wire(None) as wire:
        before = wire.ask("CAPABILITY")[0].split()[2:]
        wire.sign_in("ines", shared.secrets["ines"])
        since = wire.ask("CAPABILITY")[0].split()[2:]
    assert {b"IMAP4rev1", b"IMAP4rev2", b"AUTH=PLAIN", b"SASL-IR", b"LITERAL-"} <= {*before}
    assert not {b"LITERAL+", b"IDLE", b"STARTTLS", b"LOGINDISABLED"} & {*before}
    assert not {b"LITERAL-", b"AUTH=PLAIN", b"SASL-IR", b"STARTTLS"} & {*since}
    assert {*since} >= {
        *b"IMAP4rev1 IMAP4rev2 LITERAL+ IDLE NAMESPACE ID ENABLE UNSELECT CHILDREN SPECIAL-USE "
        b"LIST-EXTENDED LIST-STATUS STATUS=SIZE UIDPLUS MOVE MULTIAPPEND ESEARCH SORT "
        b"THREAD=REFERENCES CONDSTORE QRESYNC QUOTA QUOTA=RES-STORAGE BINARY UTF8=ACCEPT OBJECTID "
        b"APPENDLIMIT=26214400".split()
    }
