from pathlib import Path

import pytest

from communicate.sealing.errors import WrongMasterKey
from communicate.sealing.master import load_master_key, write_key
from communicate.sealing.rotation import rotate_master_file

OLD = bytes(range(32))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "master.key"
    write_key(path, OLD)
    return path


class TestRotatingTheFile:
    def test_file_and_ring_change_together(self, ring, open_ring, path):
        before = ring.site_key("cookie")
        rotate_master_file(ring, path)
        assert load_master_key(path) != OLD
        assert open_ring(load_master_key(path)).site_key("cookie") == before

    def test_the_file_is_for_its_owner_only_and_alone(self, ring, path):
        rotate_master_file(ring, path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert not path.with_name("master.key.new").exists()

    def test_stopped_before_the_ring_changed_it_goes_on(self, ring, open_ring, path, monkeypatch):
        monkeypatch.setattr(ring, "rotate_master", self.stop)
        with pytest.raises(KeyboardInterrupt):
            rotate_master_file(ring, path)
        waiting = load_master_key(path.with_name("master.key.new"))
        rotate_master_file(open_ring(load_master_key(path)), path)
        assert load_master_key(path) == waiting
        assert open_ring(waiting).holds(0)

    def test_stopped_after_it_the_new_file_opens_the_ring(
        self, ring, open_ring, path, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", self.stop)
            with pytest.raises(KeyboardInterrupt):
                rotate_master_file(ring, path)
        with pytest.raises(WrongMasterKey, match=r"ending \.new: move it over the file"):
            open_ring(load_master_key(path))
        path.with_name("master.key.new").replace(path)
        assert open_ring(load_master_key(path)).holds(0)

    def stop(self, *_arguments):
        raise KeyboardInterrupt
