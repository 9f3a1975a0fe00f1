"""Mail: composing, keeping in files, and handing to a real relay."""

import stat
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.ids import encode
from communicate.interfaces import IMailer
from communicate.outbox.mail.file import FileTransport, NoSuchMail
from communicate.outbox.mail.message import Mail, NotAnAddress, compose
from communicate.outbox.runner import run_due

UID = 4711
TO = "rose@tilleuls.example"
SENDER = "noreply@tilleuls.example"
SUBJECT = "Votre compte : confirmez l’adresse"
TEXT = "Bonjour Rose,\n\nouvrez https://tilleuls.example/confirm/abc\n"


def mail(**changes):
    return Mail(
        **{"id": 1 << 40, "to": TO, "subject": SUBJECT, "text": TEXT, "queued": 1_800_000_000_000}
        | changes
    )


def queue(site, to=TO, **details):
    return site.work(
        lambda request: request.find_service(IMailer).queue(to, SUBJECT, TEXT, **details)
    )


def waiting(site):
    return site.work(
        lambda request: [
            j.error for j in request.root_map["outbox"].jobs.values() if not j.periodic
        ]
    )


class TestCompose:
    def test_it_says_who_when_and_that_a_program_wrote_it(self):
        text = compose(mail(), SENDER, "tilleuls.example").as_string()
        read = message_from_string(text, policy=default)
        assert read["From"] == SENDER
        assert read["To"] == TO
        assert read["Subject"] == SUBJECT
        assert read["Auto-Submitted"] == "auto-generated"
        assert read["Message-ID"] == f"<{encode(1 << 40)}@tilleuls.example>"
        assert read["Date"].datetime == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
        assert read.get_content().replace("\r\n", "\n") == TEXT

    def test_a_retry_is_the_same_message(self):
        first, second = (compose(mail(), SENDER, "x.example").as_bytes() for _ in range(2))
        assert first == second

    @pytest.mark.parametrize(
        "address",
        [
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example, c@d.example",
            "",
            "Rose <a@b.example>",
            "a@b@c",
        ],
    )
    def test_what_is_not_one_bare_address_is_refused(self, address):
        with pytest.raises(NotAnAddress):
            compose(mail(to=address), SENDER, "x.example")

    @settings(deadline=None)
    @given(st.text(max_size=300))
    def test_no_subject_adds_a_header(self, subject):
        message = compose(mail(subject=subject), SENDER, "x.example")
        read = message_from_string(message.as_string(), policy=default)
        usual = compose(mail(), SENDER, "x.example").keys()
        assert read.keys() == usual

    def test_line_ends_in_a_subject_are_blanks(self):
        message = compose(mail(subject="Hello\r\nBcc: c@d.example"), SENDER, "x.example")
        assert message["Subject"] == "Hello Bcc: c@d.example"
        assert message["Bcc"] is None


class TestQueue:
    def test_a_bad_address_is_refused_before_anything_is_stored(self, site):
        with pytest.raises(NotAnAddress):
            queue(site, to="nobody")
        assert waiting(site) == []


class TestFile:
    @pytest.fixture
    def folder(self, tmp_path):
        return FileTransport(tmp_path / "outbox")

    def test_a_mail_is_kept_once_sealed_and_private(self, site, folder):
        queue(site)
        assert run_due(site.registry) == 1
        (path,) = folder.folder.iterdir()
        assert path.suffix == ".sealed"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
        assert b"Rose" not in path.read_bytes()

    def test_it_can_be_shown_the_newest_first(self, site, folder):
        for to in (TO, "noah@tilleuls.example"):
            queue(site, to=to)
            run_due(site.registry)
        found = site.work(lambda request: list(folder.readable(request)))
        assert [message["To"] for _kept, message in found] == ["noah@tilleuls.example", TO]
        message = site.work(lambda request: folder.read(request, found[1][0].id))
        assert message.get_content().splitlines() == TEXT.splitlines()

    def test_delivered_twice_it_is_still_one(self, site, folder):
        from communicate.outbox.mail.service import deliver

        payload = {"mail": mail().payload(), "owner": None}
        for _ in range(2):
            site.work(lambda request: deliver(request, payload))
        assert len(list(folder.kept())) == 1

    @pytest.mark.parametrize("name", ["../../etc/passwd", "0000000000000", "", "zzzzzzzzzzzzz"])
    def test_any_other_name_is_answered_with_a_cure(self, site, folder, name):
        with pytest.raises(NoSuchMail, match="outbox show"):
            site.work(lambda request: folder.read(request, name))

    def test_what_belonged_to_an_erased_member_is_neither_shown_nor_kept(self, site, folder):
        site.keyring.create(UID)
        queue(site, owner=UID)
        queue(site)
        run_due(site.registry)
        site.keyring.destroy(UID)
        assert len(site.work(lambda request: list(folder.readable(request)))) == 1
        assert folder.drop(UID) == 1
        assert len(list(folder.kept())) == 1

    def test_no_folder_is_an_empty_one(self, tmp_path):
        assert list(FileTransport(tmp_path / "none").kept()) == []
