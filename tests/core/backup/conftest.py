"""A site with somebody in it, an identity of age, and two folders for backups."""

import shutil
from pathlib import Path

import pytest

from communicate.backup import age, making, restoring
from communicate.backup.making import Places
from communicate.backup.restoring import Wanted
from communicate.cli.config import Config
from communicate.cli.console import Console


@pytest.fixture
def identity_file(tmp_path) -> Path:
    path = tmp_path / "identity.txt"
    age.new_identity(path)
    return path


@pytest.fixture
def recipient(identity_file) -> str:
    return identity_file.read_text().splitlines()[0].removeprefix("# public key: ")


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(tmp_path / "backup", tmp_path / "keys")


@pytest.fixture
def settings(recipient):
    return {"backup_recipients": recipient}


@pytest.fixture
def house(make_house, settings):
    return make_house(["forums"], language="en", **settings)


@pytest.fixture
def back_up(house, places):
    """Return what backs the house up, and tells what was said."""

    def back_up(**options):
        said = []
        making.make(house.registry, places, said.append, **options)
        return said

    return back_up


@pytest.fixture
def config(house) -> Config:
    """Return what commands read about the house."""
    ini = {
        "communicate.mode": "testing",
        "communicate.plugins": "forums",
        "communicate.url": "http://localhost",
        **{f"communicate.{name}": str(value) for name, value in house.settings.items()},
    }
    ini_file = str(house.folder / "site.ini")
    return Config(
        house.folder / "site.ini", {"here": str(house.folder), "__file__": ini_file}, ini
    )


@pytest.fixture
def destroy(house):
    """Return what makes the data go: all but the master key and the ledger."""

    def destroy():
        house.close()
        shutil.rmtree(house.folder / "var")

    return destroy


@pytest.fixture
def restore(config, places, identity_file, house):
    """Return what restores the house from its backup, and starts it again."""

    def restore(**options):
        console = Console(config, house.folder)
        wanted = Wanted(places, [identity_file], **options)
        try:
            done = restoring.restore(config, wanted, lambda: console.registry, lambda _said: None)
        finally:
            console.close()
        house.boot(["forums"])
        return done

    return restore


@pytest.fixture
def identities(identity_file):
    return age.identities([identity_file])
