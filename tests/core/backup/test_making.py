import stat

import pytest

from communicate.backup import age, making
from communicate.backup.errors import BackupError
from communicate.backup.making import Places
from communicate.backup.target import Target
from communicate.storage.errors import PackBusy
from communicate.storage.pack import pack
from communicate.stores import stores_of


class TestMake:
    def test_what_is_there_is_not_written_again(self, house, back_up, places):
        house.member("rose")
        assert "all of it" in back_up()[0]
        (piece,) = Target(places.folder).manifest().tree.pieces
        house.member("paul")
        assert "all of it" not in back_up()[0]
        first, second = Target(places.folder).manifest().tree.pieces
        assert first == piece
        assert second.start == piece.stop
        assert second.size < piece.size

    def test_after_a_pack_all_is(self, house, back_up, places):
        house.member("rose")
        back_up()
        pack(stores_of(house.registry))
        assert "all of it" in back_up()[0]
        assert len(Target(places.folder).manifest().tree.pieces) == 1
        assert len(list((places.folder / "tree").iterdir())) == 1

    def test_a_pack_is_locked_out(self, house, places):
        def meanwhile(said):
            if said.startswith("tree"):
                with pytest.raises(PackBusy):
                    pack(stores_of(house.registry))

        making.make(house.registry, places, meanwhile)
        pack(stores_of(house.registry))

    def test_only_its_owner_reads_it(self, back_up, places):
        back_up()
        for folder in (places.folder, places.keys):
            for path in (folder, *folder.rglob("*")):
                assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)

    def test_the_keys_go_apart(self, house, tmp_path):
        with pytest.raises(BackupError, match="not apart"):
            making.make(house.registry, Places(tmp_path / "a", tmp_path / "a" / "keys"), print)

    def test_it_lies_outside_the_data(self, house, tmp_path):
        var = house.registry.settings["communicate.var"]
        with pytest.raises(BackupError, match="under the data"):
            making.make(house.registry, Places(var / "backup", tmp_path / "keys"), print)

    def test_nothing_is_written_over_another_sites_backup(
        self, house, back_up, places, make_house, settings
    ):
        back_up()
        before = sorted(places.folder.rglob("*"))
        other = make_house([], **settings)
        with pytest.raises(BackupError, match="Nothing is written over it"):
            making.make(other.registry, places, print)
        assert sorted(places.folder.rglob("*")) == before

    def test_for_other_recipients_all_is_written_anew(self, house, back_up, places, tmp_path):
        house.member("rose")
        back_up()
        house.reboot(["forums"], backup_recipients=age.new_identity(tmp_path / "new.txt"))
        house.member("paul")
        (said, *_others) = back_up()
        assert "all of it" in said
        assert len(list((places.folder / "tree").iterdir())) == 1
