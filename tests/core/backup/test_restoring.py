"""The drill: what was there before the backup comes back, who was erased since does not."""

import io
from datetime import UTC, datetime

import pytest

from communicate.backup import keys, making, marker, restoring
from communicate.backup.errors import BackupError, Damaged, NotEmpty, Unfinished
from communicate.backup.events import SiteRestored
from communicate.backup.making import Places, last_backup
from communicate.backup.target import MANIFEST, Target
from communicate.erasure.jobs import go_on
from communicate.interfaces import IErasure, IKeyRing, IMembers, ISeals
from communicate.outbox.runner import run_due
from communicate.sealing.errors import MasterKeyMissing
from communicate.testing.kit import form_with


def write(house, login, title, body):
    form = form_with(house.browser(login).get("/forums/general/new"), "title")
    form["title"], form["body"] = title, body
    return form.submit("post", status=303).follow().request.path


def erase(house, uid):
    house.work(lambda request: request.find_service(IErasure).start(uid))
    run_due(house.registry)


def logins(house):
    def read(request):
        return sorted(request.site["members"])

    return house.work(read)


class TestRestore:
    def test_what_was_there_before_is_there_again(self, house, back_up, destroy, restore):
        house.member("paul")
        topic = write(house, "paul", "Le tilleul", "Il penche.")
        picture(house)
        back_up()
        taken = house.work(last_backup)
        house.member("late")
        destroy()
        done = restore()
        assert done.when == taken
        assert done.erased == 0
        assert logins(house) == ["paul"]
        page = house.browser("paul").get(topic)
        assert "Il penche." in page
        assert house.work(picture_of) == b"bytes" * 50_000
        page = house.browser("paul").get("/search?q=tilleul")
        assert "Le <mark>tilleul</mark>" in page.text
        assert house.work(last_backup) == taken

    def test_who_was_erased_since_is_erased_again(self, house, back_up, destroy, restore):
        rose = house.member("rose")
        house.member("paul")
        topic = write(house, "rose", "Clématiteqx", "Glycineqx")
        back_up()
        erase(house, rose)
        write(house, "paul", "Plus tard", "Perdu.")
        destroy()
        assert restore().erased == 1
        assert logins(house) == ["paul"]
        assert house.work(lambda r: r.find_service(IMembers).by_uid(rose, closed=True)) is None
        assert not house.registry.getUtility(IKeyRing).holds(rose)
        page = house.browser("paul").get(topic, status="*")
        assert "Glycineqx" not in page
        var = house.registry.settings["communicate.var"]
        for path in var.rglob("*"):
            assert not path.is_file() or b"Glycineqx" not in path.read_bytes()

    def test_data_that_are_there_are_not_overwritten(self, house, back_up, restore):
        house.member("paul")
        back_up()
        house.close()
        with pytest.raises(NotEmpty, match="already"):
            restore()

    def test_a_lost_ledger_is_not_passed_over(self, house, back_up, destroy, restore):
        back_up()
        destroy()
        house.registry.settings["communicate.ledger_file"].unlink()
        with pytest.raises(BackupError, match="ledger"):
            restore()
        assert restore(ledger=False).erased == 0

    def test_without_the_master_key_none_is_made(self, house, back_up, destroy, restore):
        back_up()
        destroy()
        path = house.registry.settings["communicate.master_key_file"]
        path.rename(path.with_suffix(".away"))
        with pytest.raises(MasterKeyMissing):
            restore()
        path.with_suffix(".away").rename(path)

    def test_what_somebody_else_put_there_is_refused(
        self, house, back_up, destroy, restore, places
    ):
        """Objects of a stranger's making would run code when they are loaded."""
        back_up()
        destroy()
        path = places.folder / MANIFEST
        text = path.read_text()
        path.write_text(text.replace('"plugins":["forums"]', '"plugins":["others"]'))
        with pytest.raises(Damaged, match="not written by this site"):
            restore()
        path.write_text(text)
        piece = places.folder / Target(places.folder).manifest().tree.pieces[0].name
        data = bytearray(piece.read_bytes())
        data[-100] ^= 1
        piece.write_bytes(data)
        with pytest.raises(Damaged, match="not the file"):
            restore()

    def test_one_that_was_cut_short_is_not_served_and_begins_anew(
        self, house, back_up, destroy, restore, config
    ):
        house.member("paul")
        back_up()
        destroy()
        var = house.folder / "var"
        marker.put(config.settings)
        name = var / marker.NAME
        name.write_text(f"1 {name.read_text().partition(' ')[2]}")
        (var / "blobs").mkdir()
        (var / "blobs" / "half").write_bytes(b"x")
        (var / "Data.fs").write_bytes(b"x")
        with pytest.raises(Unfinished):
            house.boot(["forums"])
        restore()
        assert logins(house) == ["paul"]
        assert not (var / "blobs" / "half").exists()

    def test_what_that_one_did_not_put_there_is_not_taken_away(
        self, house, back_up, destroy, restore, config, tmp_path
    ):
        """Somebody turns to other stores after a restore that was cut short."""
        back_up()
        destroy()
        marker.put(config.settings)
        others = tmp_path / "others"
        others.mkdir()
        (others / "kept").write_text("theirs")
        config.__dict__.pop("settings", None)  # read once
        config.ini["communicate.blobs"] = str(others)
        with pytest.raises(NotEmpty, match="others"):
            restore()
        assert (others / "kept").read_text() == "theirs"


def picture(house):
    """Keep a sealed file of Paul's in the tree."""

    def put(request):
        uid = request.find_service(IMembers).by_login("paul").uid
        source = io.BytesIO(b"bytes" * 50_000)
        request.root_map["picture"] = request.find_service(ISeals).seal_stream(
            uid, "picture", source
        )

    house.work(put)


def picture_of(request):
    return b"".join(request.find_service(ISeals).open_range(request.root_map["picture"]))


class TestKeys:
    """The copy of the ring follows every erasure."""

    def test_an_erasure_renews_every_copy(self, house, back_up, places, tmp_path, identities):
        rose = house.member("rose")
        back_up()
        assert rose in dict(keys.read_copy(places.keys, identities).rows)
        erase(house, rose)
        assert rose not in dict(keys.read_copy(places.keys, identities).rows)
        assert states(house, rose)["backup"] == "done"

    def test_one_that_is_out_of_reach_holds_the_erasure_open(self, house, back_up, places):
        rose = house.member("rose")
        back_up()
        places.keys.rename(places.keys.with_name("unmounted"))
        erase(house, rose)
        assert "backup" not in states(house, rose)
        assert not house.registry.getUtility(IKeyRing).holds(rose)
        house.work(lambda request: keys.forget(places.keys, request))
        go_on(house.registry, rose)
        assert states(house, rose)["backup"] == "none"

    def test_a_second_folder_is_renewed_too(self, house, places, tmp_path, identities):
        rose = house.member("rose")
        making.make(house.registry, places, print)
        other = Places(places.folder, tmp_path / "other")
        making.make(house.registry, other, print)
        erase(house, rose)
        for folder in (places.keys, other.keys):
            assert rose not in dict(keys.read_copy(folder, identities).rows)


def states(house, uid):
    return house.work(lambda request: dict(request.root_map["erasures"].by_uid[uid].states))


def test_whoever_subscribed_is_told_of_the_restore_and_a_failure_is_said(house):
    heard, said, when = [], [], datetime(2026, 11, 30, tzinfo=UTC)

    def hear(event):
        heard.append((event.when, sorted(event.request.site["members"])))

    def fail(_event):
        raise ValueError("no")

    house.registry.registerHandler(hear, (SiteRestored,))
    restoring.tell(house.registry, when, said.append)
    assert (heard, said) == ([(when, [])], [])
    house.registry.registerHandler(fail, (SiteRestored,))
    restoring.tell(house.registry, when, said.append)
    assert "a second time" in said[0]
