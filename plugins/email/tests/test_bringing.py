"""Mail brought along: mbox, Maildir, files of one message."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from communicate.cli.console import Console
from communicate_email.interfaces import IMailStore
from communicate_email.store import importing, rows
from communicate_email.store.commands import import_mail
from communicate_email.store.importing import Importer, sources

BEGIN = b"From x@y.example Mon Nov 30 08:00:00 2026\n"
MAILS = Path(__file__).parent / "mails"


def raw(number, more=""):
    """Return a message with LF at the end of its lines."""
    head = f"Message-ID: <m{number}@x.example>\nDate: Mon, {number + 1} Nov 2021 08:00:00 +0000\n"
    return f"{head}{more}Subject: s{number}\n\nFrom the left, {number}\n".encode()


@pytest.fixture
def brought(office):
    """Return what imports a path for a new member and tells what there is then."""
    login = f"bringer{len(office.uids)}"
    uid = office.uids[login] = office.house.member(login)

    def bring(path, **more):
        done = Importer(office.house.registry, uid, **more).run(sources(path))

        def look(request, account):
            boxes, reading = (
                getattr(request.find_service(IMailStore), name)(account)
                for name in ("boxes", "reading")
            )
            return {
                boxes.path(box): [
                    (one.head.subject, one.row.flags) for one in reversed(reading.page(box))
                ]
                for box in account.boxes.values()
                if box.count
            }

        return done, office.look(login, look)

    return bring


def test_an_mbox_is_brought_once_with_what_programs_wrote_of_each_message(brought, tmp_path):
    path = tmp_path / "old"
    messages = [raw(1, "Status: RO\n"), raw(2, "Status: O\nX-Status: AF\n"), raw(3)]
    path.write_bytes(b"".join(BEGIN + one + b"\n" for one in messages))
    done, held = brought(path)
    assert (done.kept, done.known, done.skipped) == (3, 0, 0)
    assert held == {
        "old": [
            ("s1", rows.SEEN),
            ("s2", rows.ANSWERED | rows.FLAGGED),
            ("s3", 0),
        ]
    }
    with path.open("ab") as file:
        file.write(BEGIN + raw(4))
    done, held = brought(path)
    assert (done.kept, done.known) == (1, 3)
    assert [subject for subject, _flags in held["old"]] == ["s1", "s2", "s3", "s4"]


def test_a_maildir_keeps_its_folders_and_flags(brought, tmp_path):
    for folder, name, number in (
        ("", "cur/1:2,RS", 1),
        ("", "new/2", 2),
        (".Sent", "cur/3:2,S", 3),
        (".Jardin.Haie", "cur/4:2,F", 4),
        (".Spam", "cur/5", 5),
    ):
        file = tmp_path / folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw(number))
    done, held = brought(tmp_path)
    assert done.kept == 5
    assert held == {
        "INBOX": [("s1", rows.SEEN | rows.ANSWERED), ("s2", 0)],
        "Sent": [("s3", rows.SEEN)],
        "Jardin/Haie": [("s4", rows.FLAGGED)],
        "Junk": [("s5", 0)],
    }


def test_a_folder_of_files_goes_where_one_says_and_no_message_is_left_out(
    brought, tmp_path, monkeypatch
):
    monkeypatch.setattr(importing, "BATCH", 2)
    for number in range(5):
        (tmp_path / f"{number}.eml").write_bytes(raw(number))
    (tmp_path / "notes.txt").write_bytes(b"no mail at all\n")
    (tmp_path / "empty.eml").write_bytes(b"")
    done, held = brought(tmp_path, folder="Vieux/2021")
    assert (done.kept, done.skipped) == (5, 1)
    assert [subject for subject, _flags in held["Vieux/2021"]] == ["s0", "s1", "s2", "s3", "s4"]


def test_every_strange_message_there_is_can_be_kept(brought):
    done, held = brought(MAILS, folder="Étrange")
    assert done.kept > 10
    assert sum(map(len, held.values())) > 10


def test_where_there_is_no_room_it_ends_and_says_so(fresh_office, tmp_path):
    office = fresh_office(quota="64 KB")
    uid = office.uids["ines"]
    path = tmp_path / "many"
    big = b"x" * 60 + b"\n"
    path.write_bytes(b"".join(BEGIN + raw(n) + big * 200 + b"\n" for n in range(9)))
    done = Importer(office.house.registry, uid).run(sources(path))
    assert done.full
    assert 3 <= done.kept < 9
    assert office.look("ines", lambda _, account: len(account.mails)) == done.kept


def test_the_command_says_what_it_did_and_what_it_left_out(office, tmp_path):
    office.house.member("commandee")
    path = tmp_path / "some.mbox"
    path.write_bytes(b"".join(BEGIN + raw(n) + b"\n" for n in (1, 2)))
    console = Console(None, tmp_path, office.house.registry)

    def run(*words):
        return CliRunner().invoke(import_mail, words, obj=console)

    assert "2 messages imported." in run("commandee", str(path)).output
    again = run("commandee", str(path))
    assert again.exit_code == 0
    for line in ("0 messages imported.", "2 left out: they were"):
        assert line in again.output
    assert "Nobody has the login nobody" in run("nobody", str(path)).output
