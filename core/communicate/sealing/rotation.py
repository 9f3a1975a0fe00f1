"""Change of the master key together with its file, so that an interruption loses no key."""

from pathlib import Path
from secrets import token_bytes

from communicate.sealing.keyring import KeyRing
from communicate.sealing.keys import KEY_SIZE
from communicate.sealing.master import load_master_key, sync_folder, write_key


def rotate_master_file(ring: KeyRing, path: Path) -> None:
    """Wrap *ring* under a new master key and put that key in the file *path*.

    The new key is on disk, in ``<path>.new``, before the ring changes: whenever this stops, one of
    the two files opens the ring.  Called again after an interruption, it goes on with that key.
    """
    new = path.with_name(f"{path.name}.new")
    if not new.exists():
        write_key(new, token_bytes(KEY_SIZE))
    ring.rotate_master(load_master_key(new))
    new.replace(path)
    sync_folder(path.parent)
