"""What a member does with a program is seen in the webmail, and what is done there in programs."""

import pytest

from communicate.interfaces import IOutbox, IQuota
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store.sweeping import EMPTY

from .reading_site import Library, letter
from .test_webmail import act, form_saying, inbox, opened, rows


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Library(
        tmp_path_factory.mktemp("both"),
        **{"language": "en", "email.rspamd_learn": "127.0.0.1:9", "email.page_size": "50"},
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def ines(shared):
    return shared.house.browser("ines")


@pytest.fixture
def wire(shared):
    with shared.wire() as made:
        made.ask("SELECT INBOX")
        yield made


@pytest.fixture
def learnt(shared, monkeypatch):
    """Return what does what waits, and says which messages rspamd was told of, and as what."""
    told = []

    def learn(_address, raw, *, junk, password):
        told.append((subject_of(raw), junk))

    monkeypatch.setattr("communicate_email.receiving.rspamd.learn", learn)

    def look():
        told.clear()
        shared.house.run_jobs()
        return sorted(told)

    return look


def subject_of(raw):
    return raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode()


def done(wire, *commands):
    """Say commands that are carried out; return all that is answered."""
    found = []
    for one in commands:
        found += wire.ask(one)
        assert b" OK " in found[-1], (one, found)
    return b"".join(found)


def put(wire, folder, raw, flags=""):
    """Append a message as programs do."""
    assert b" OK " in wire.ask(f"APPEND {folder} ({flags}) {{{len(raw)}}}", raw + b"\r\n")[-1]


def row(page, subject):
    """Return the row of a list that bears *subject*."""
    return next(
        one
        for one in page.html.select(".mail-rows > li")
        if one.select_one(".row-subject").text == subject
    )


class TestMarks:
    def test_what_a_program_has_answered_or_sent_on_is_seen(self, shared, wire, ines):
        [uid] = shared.put(letter("Pont"))
        assert "Answered" not in row(inbox(ines), "Pont").text
        done(wire, "NOOP", f"UID STORE {uid} +FLAGS (\\Answered $Forwarded)")
        shown = row(inbox(ines), "Pont").text
        assert "Answered" in shown
        assert "Forwarded" in shown

    def test_labels_are_keywords_and_notes_of_programs_are_none(self, shared, wire, ines):
        [uid] = shared.put(letter("Quai"))
        flags = "$label1 jardin Old NonJunk $MDNSent $MailFlagBit0"
        done(wire, "NOOP", f"UID STORE {uid} +FLAGS ({flags})")
        labels = [one.text for one in row(inbox(ines), "Quai").select(".mail-labels .tag")]
        assert labels == ["Important", "jardin"]

    def test_what_a_program_marks_as_deleted_is_struck_out_until_it_destroys_it(
        self, shared, wire, ines
    ):
        uids = shared.put(letter("Ecluse"), letter("Chemin"))
        done(wire, "NOOP", f"UID STORE {uids[0]}:{uids[1]} +FLAGS (\\Deleted)")
        for subject in ("Ecluse", "Chemin"):
            assert "Marked as deleted by a program" in row(inbox(ines), subject).text
        act(opened(inbox(ines), "Chemin"), "archive")
        assert b" EXPUNGE" in done(wire, "EXPUNGE")
        subjects = [subject for _who, subject in rows(inbox(ines))]
        assert "Ecluse" not in subjects
        assert "Marked" not in row(inbox(ines).click("Archives", index=0), "Chemin").text

    def test_reading_marks_in_both(self, shared, wire, ines):
        [uid] = shared.put(letter("Berge"))
        opened(inbox(ines), "Berge")
        told = done(wire, "NOOP", f"UID FETCH {uid} (FLAGS)")
        assert b"\\Seen" in told
        done(wire, f"UID STORE {uid} -FLAGS (\\Seen)")
        assert ("Unread: Luce", "Berge") in rows(inbox(ines))


class TestJunk:
    """Where a junk filter learns, it learns from programs too, whichever way they move."""

    def test_moving_there_and_back_is_learnt(self, shared, wire, learnt):
        [uid] = shared.put(letter("Loterie"))
        learnt()
        done(wire, "NOOP", f"UID MOVE {uid} Junk")
        assert learnt() == [("Loterie", True)]
        done(wire, "SELECT Junk", "UID MOVE 1:* INBOX")
        assert ("Loterie", False) in learnt()

    def test_so_is_what_is_copied_and_destroyed(self, shared, wire, learnt):
        [uid] = shared.put(letter("Heritage"))
        learnt()
        done(
            wire,
            "NOOP",
            f"UID COPY {uid} Junk",
            f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)",
            f"UID EXPUNGE {uid}",
        )
        assert learnt() == [("Heritage", True)]
        done(wire, "SELECT Junk", "UID MOVE 1:* Trash")
        assert learnt() == []


class TestFolders:
    def test_what_is_made_here_is_there_and_the_other_way_round(self, wire, ines):
        page = ines.get("/mail").follow().follow().click("Folders", index=0)
        form = next(one for one in page.forms.values() if "name" in one.fields)
        form["name"] = "Péniche"
        form.submit().follow()
        assert b"P&AOk-niche" in done(wire, 'LSUB "" "*"')  # programs show what is subscribed
        done(wire, "CREATE Bateaux/Voiles")
        assert "Voiles" in inbox(ines)

    def test_what_a_program_hides_stays_in_the_webmail(self, wire, ines):
        done(wire, "CREATE Rives", "UNSUBSCRIBE Rives")
        assert b"Rives" not in done(wire, 'LSUB "" "*"')
        assert b"Rives" in done(wire, 'LIST "" "*"')
        assert "Rives" in inbox(ines)


class TestDrafts:
    def test_what_a_program_keeps_again_and_again_is_one_draft(self, wire, ines):
        """As Thunderbird does: the next one comes, the one before goes."""
        done(wire, "SELECT Drafts")
        for number in range(3):
            put(wire, "Drafts", letter(f"Brouillon {number}"), "\\Draft \\Seen")
            done(wire, "NOOP")
            if number:
                done(
                    wire, f"UID STORE {number} +FLAGS.SILENT (\\Deleted)", f"UID EXPUNGE {number}"
                )
        page = inbox(ines).click("Drafts", index=0)
        assert [subject for _who, subject in rows(page)] == ["Brouillon 2"]
        form = next(
            one for one in opened(page, "Brouillon 2").forms.values() if "subject" in one.fields
        )
        assert form["subject"].value == "Brouillon 2"


class TestDeleting:
    def test_what_goes_to_the_trash_in_one_is_brought_back_in_the_other(self, shared, wire, ines):
        [uid] = shared.put(letter("Saule"))
        done(wire, "NOOP", f"UID MOVE {uid} Trash")
        trash = inbox(ines).click("Trash", index=0)
        act(opened(trash, "Saule"), "not-junk")
        assert b"* SEARCH " in done(wire, "NOOP", "UID SEARCH SUBJECT Saule")

    def test_a_step_of_the_webmail_and_its_undoing_are_told_to_programs(self, shared, wire, ines):
        shared.put(letter("Peuplier"))
        before = done(wire, "NOOP", "UID SEARCH SUBJECT Peuplier")
        page = act(opened(inbox(ines), "Peuplier"), "delete").follow()
        assert b"EXPUNGE" in done(wire, "NOOP")
        form_saying(page, "Undo").submit()
        assert b"EXISTS" in done(wire, "NOOP")
        after = done(wire, "UID SEARCH SUBJECT Peuplier")
        assert before != after  # it has another uid: programs fetch it anew
        assert after.split()[2].isdigit()

    def test_what_a_program_destroys_is_destroyed(self, shared, wire):
        """No undo, and no trash: programs ask for themselves, and move there what goes there."""
        [uid] = shared.put(letter("Aulne"))
        number = shared.house.work(lambda request: mail_of(request, shared.uids["ines"], uid))
        done(wire, "NOOP", f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)", f"UID EXPUNGE {uid}")

        def raw(request):
            store = request.find_service(IMailStore)
            return store.reading(store.opened(shared.uids["ines"])).raw(number)

        with pytest.raises(KeyError):
            shared.house.work(raw)

    def test_the_end_of_the_trash_is_told_to_who_looks_into_it(self, shared, wire, monkeypatch):
        shared.put(letter("Frêne"), role="trash")
        done(wire, "SELECT Trash")
        count = done(wire, "STATUS Trash (MESSAGES)")
        assert b"MESSAGES 0" not in count
        monkeypatch.setitem(shared.house.registry.settings, "email.trash_days", -1)

        def empty(request):
            request.find_service(IOutbox).add(EMPTY, {"uid": shared.uids["ines"]})

        shared.house.work(empty)
        shared.house.run_jobs()
        assert b"EXPUNGE" in done(wire, "NOOP")
        assert b"MESSAGES 0" in done(wire, "STATUS Trash (MESSAGES)")


def test_the_room_that_programs_show_is_that_of_the_site(shared, wire):
    def room(request):
        quota, uid = request.find_service(IQuota), shared.uids["ines"]
        return quota.used(uid), quota.used(uid) + quota.left(uid)

    used, most = shared.house.work(room)
    told = done(wire, "GETQUOTAROOT INBOX")
    assert b"STORAGE %d %d)" % (-(-used // 1024), most // 1024) in told


def mail_of(request, owner, uid):
    """Return the number of the message *uid* in the inbox of *owner*."""
    box = request.find_service(IMailStore).opened(owner).box("inbox")
    return rowing.one(box, uid).id
