"""One flipped byte, wherever it is, is found and named."""

import pytest

from communicate.backup import age, verifying
from communicate.backup.errors import CannotOpen, Damaged
from communicate.backup.target import Target
from communicate.interfaces import IMembers, ISeals


@pytest.fixture
def verify(config, places, identity_file):
    def verify():
        opened = verifying.Opened(config, places, [identity_file])
        return list(verifying.verify(opened, lambda _said: None))

    return verify


def seal(house, login, text):
    def put(request):
        uid = request.find_service(IMembers).by_login(login).uid
        request.root_map["note"] = request.find_service(ISeals).seal(uid, "note", text)

    house.work(put)


class TestVerify:
    def test_a_sound_one_has_no_fault_and_leaves_nothing(
        self, house, back_up, verify, tmp_path, monkeypatch
    ):
        house.member("paul")
        seal(house, "paul", "words")
        back_up()
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        before = sorted(tmp_path.iterdir())
        assert verify() == []
        assert sorted(tmp_path.iterdir()) == before

    def test_a_seal_that_does_not_open_is_named(self, house, back_up, verify):
        house.member("paul")
        seal(house, "paul", "words")

        def damage(request):
            old = request.root_map["note"]
            envelope = bytearray(old.envelope)
            envelope[-1] ^= 1
            request.root_map["note"] = type(old)(old.uid, old.kind, bytes(envelope))

        house.work(damage)
        back_up()
        (fault,) = verify()
        assert "A seal (note) in object 0x0" in fault

    def test_every_file_is_known_by_its_digest(self, house, back_up, verify, places):
        house.member("paul")
        back_up()
        for name in Target(places.folder).manifest().files():
            path = places.folder / name
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 4
            path.write_bytes(data)
            with pytest.raises(Damaged, match=name):
                verify()
            data[len(data) // 2] ^= 4
            path.write_bytes(data)
        assert verify() == []

    def test_another_identity_opens_nothing(self, house, back_up, config, places, tmp_path):
        back_up()
        age.new_identity(tmp_path / "other.txt")
        opened = verifying.Opened(config, places, [tmp_path / "other.txt"])
        with pytest.raises(CannotOpen):
            list(verifying.verify(opened, print))
