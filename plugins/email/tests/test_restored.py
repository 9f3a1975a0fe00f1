"""A site brought back from a backup: what may have left does not leave again."""

import shutil
from email.policy import default

import pytest

from communicate.backup import age, making, restoring
from communicate.backup.making import Places
from communicate.backup.restoring import Wanted
from communicate.cli.config import Config
from communicate.cli.console import Console
from communicate_email.store.boxes import Boxes, office_of

from .conftest import DOMAIN
from .outside import LUCE, Outside, raw
from .remotes import Remote


@pytest.fixture
def remote():
    made = Remote().start()
    yield made
    made.stop()


@pytest.fixture
def outside(tmp_path, remote):
    """Return a post office of which backups can be made."""
    age.new_identity(tmp_path / "identity.txt")
    public = (tmp_path / "identity.txt").read_text().splitlines()[0]
    made = Outside(
        tmp_path / "site",
        **{
            "backup_recipients": public.removeprefix("# public key: "),
            "email.out": "relay",
            "email.relay_port": remote.port,
            "email.relay_security": "none",
        },
    )
    yield made
    made.close()


def back_up(outside, folder):
    places = Places(folder / "backup", folder / "keys")
    making.make(outside.registry, places, str)


def restore(outside, folder):
    """Lose everything, and bring it back."""
    house = outside.office.house
    house.close()
    shutil.rmtree(house.folder / "var")
    ini = {
        "communicate.mode": "testing",
        "communicate.plugins": "email",
        "communicate.url": "http://localhost",
        **{
            (key if "." in key else f"communicate.{key}"): str(value)
            for key, value in house.settings.items()
        },
    }
    file = house.folder / "site.ini"
    config = Config(file, {"here": str(house.folder), "__file__": str(file)}, ini)
    console = Console(config, house.folder)
    places = Places(folder / "backup", folder / "keys")
    wanted = Wanted(places, [folder / "identity.txt"])
    try:
        restoring.restore(config, wanted, lambda: console.registry, str)
    finally:
        console.close()
    house.boot(["email"])
    outside.registry = house.registry


def validities(outside):
    """Return the UIDVALIDITY of each folder of ines."""
    return outside.office.look(
        "ines",
        lambda request, account: [
            Boxes(request, account).validity(box) for box in account.boxes.values()
        ],
    )


def test_what_waited_goes_to_its_author_and_leaves_once(outside, remote, tmp_path):
    outside.office.deliver(outside.office.letter())
    outside.begin()
    remote.pause()
    message = raw(1, body="Le tilleul penche.")
    outside.send(message)
    outside.send(raw(2), f"paul@{DOMAIN}", after=10)
    outside.send_due()
    given = validities(outside)
    back_up(outside, tmp_path)
    remote.start(remote.port)
    outside.later(minutes=5)
    assert len(remote.letters) == 1
    restore(outside, tmp_path)
    outside.later(minutes=10)
    assert len(remote.letters) == 1
    assert outside.waiting() == []
    (notice,) = outside.inbox()
    text, _status, attached = notice.iter_parts()
    assert "It is attached" in text.get_content()
    assert LUCE in text.get_content()
    assert attached.get_content().as_bytes(policy=default.clone(linesep="\r\n")) == message
    assert [one["Message-ID"] for one in outside.inbox("paul")] == [f"<2@{DOMAIN}>"]
    outside.send(raw(3))
    outside.send_due()
    assert len(remote.letters) == 2
    assert all(now > before for now, before in zip(validities(outside), given, strict=True))


def test_before_any_restore_nothing_is_held_back(outside):
    assert outside.do(lambda request: office_of(request).restored) == 0
