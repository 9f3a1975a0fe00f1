"""Templates are compiled ahead of time by another process, and found by this one."""

import time
import uuid

import pytest
from chameleon.loader import MemoryLoader
from chameleon.template import BaseTemplate
from pyramid_chameleon.zpt import PyramidPageTemplateFile

from communicate.web import compiled

PAGE = '<p tal:content="word">?</p>'


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return where compiled templates are kept, Chameleon having been given no folder."""
    monkeypatch.setattr(compiled, "CACHE_DIRECTORY", None)
    monkeypatch.setattr(BaseTemplate, "loader", MemoryLoader())
    return tmp_path / "run" / "templates"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return the folder of a package with one good template and one that cannot be compiled."""
    folder = tmp_path / "packages" / f"pages_{uuid.uuid4().hex}"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "templates" / "page.pt").write_text(PAGE)
    (folder / "templates" / "broken.pt").write_text('<p tal:content="">')
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder


def filled(folder, *packages):
    """Let the other process compile the templates of *packages* to the end."""
    stop = compiled.fill(folder, [package.name for package in packages])
    until = time.monotonic() + 60
    while not compiled.is_whole(folder, [str(package) for package in packages]):
        assert time.monotonic() < until
        time.sleep(0.05)
    stop()


def test_a_template_compiled_by_the_other_process_is_not_compiled_here(
    place, package, monkeypatch
):
    folder = compiled.keep(place)
    filled(folder, package)
    monkeypatch.setattr(BaseTemplate, "_compile", None)
    template = PyramidPageTemplateFile(str(package / "templates" / "page.pt"), macro=None)
    assert template(word="tilleul") == "<p>tilleul</p>"


def test_what_was_compiled_is_for_this_account_only(place, package):
    filled(compiled.keep(place), package)
    found = [place, *place.rglob("*")]
    assert len(found) > 3
    assert not [path for path in found if path.stat().st_mode & 0o077]


def test_no_process_is_started_where_every_template_is_there(place, package, monkeypatch):
    folder = compiled.keep(place)
    filled(folder, package)
    monkeypatch.setattr(compiled.subprocess, "Popen", None)
    compiled.fill(folder, [package.name])()
    with pytest.raises(TypeError):  # another package: its templates are not
        compiled.fill(folder, [package.name, "communicate"])


def test_the_other_process_ends_with_the_site(place):
    folder = compiled.keep(place)
    stop = compiled.fill(folder, ["communicate"])
    stop()
    assert not compiled.is_whole(folder, [str(compiled.files("communicate"))])


def test_what_other_versions_compiled_is_removed(place):
    place.mkdir(parents=True, mode=0o700)
    (place / "cpython-310-of-old").mkdir()
    folder = compiled.keep(place)
    assert list(place.iterdir()) == [folder]


@pytest.mark.parametrize("which", ["place", "folder"])
def test_a_folder_that_others_may_write_to_is_not_used(place, which):
    folder = compiled.keep(place)
    BaseTemplate.loader = MemoryLoader()
    (place if which == "place" else folder).chmod(0o777)
    assert compiled.keep(place) is None
    assert isinstance(BaseTemplate.loader, MemoryLoader)


def test_a_folder_that_was_given_to_chameleon_stays(place, monkeypatch):
    monkeypatch.setattr(compiled, "CACHE_DIRECTORY", "/elsewhere")
    assert compiled.keep(place) is None
    assert not place.exists()
