"""Back up a site that people write to, verify it, lose it, restore it: with the real commands."""

import shutil
import threading

import pytest

from communicate.backup import age

pytestmark = pytest.mark.slow


@pytest.fixture
def targets(server, tmp_path):
    """Return the words that name the targets, and those that name what opens them."""
    identity = tmp_path / "identity.txt"
    server.configure("forums", backup_recipients=age.new_identity(identity), language="en")
    where = [str(tmp_path / "backup"), "--keys", str(tmp_path / "keys")]
    return where, [*where, "--identity", str(identity)]


def write_until(stop, client, saved):
    """Post until *stop* is set; note the marks of what was answered with success."""
    number = 0
    while not stop.is_set():
        number += 1
        answer = client.submit("/forums/general/new", title=f"Sujet n{number}x", body="Texte")
        if answer.status == 303:
            saved.append(f"Sujet n{number}x")


def test_a_serving_site_is_backed_up_and_comes_back(server, password, targets):
    where, opened = targets
    server.start()
    server.member("paul", password)
    client = server.client("paul", password)
    stop, saved = threading.Event(), []
    writer = threading.Thread(target=write_until, args=(stop, client, saved))
    writer.start()
    for _turn in range(3):
        before = list(saved)
        said = server.run("backup", *where)
        assert "key ring: copied to" in said
    stop.set()
    writer.join(30)
    assert before
    assert "Every object, blob and seal opens." in server.run("backup", "verify", *opened)
    with pytest.raises(RuntimeError, match="being served"):
        server.run("restore", *opened)
    assert "Last backup: 20" in server.run("doctor")
    server.stop()
    with pytest.raises(RuntimeError, match="already"):
        server.run("restore", *opened)
    shutil.rmtree(server.folder / "var")
    assert "The site is as it was at 20" in server.run("restore", *opened)
    assert server.run("doctor", "--deep")
    server.start()
    page = server.client().get("/sitemap.xml") + server.client().get("/forums/general")
    assert all(mark in page for mark in before[-20:])


def test_without_what_it_needs_it_says_what(server, tmp_path):
    with pytest.raises(RuntimeError, match=r"communicate\.backup_keys"):
        server.run("backup", str(tmp_path / "b"))
    with pytest.raises(RuntimeError, match=r"communicate\.backup_recipients"):
        server.run("backup", str(tmp_path / "b"), "--keys", str(tmp_path / "k"))
    file = tmp_path / "identity.txt"
    public = server.run("backup", "identity", str(file)).strip()
    assert public.startswith("age1")
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(RuntimeError, match="already"):
        server.run("backup", "identity", str(file))
    server.configure("forums", backup_recipients="age1nonsense")
    with pytest.raises(RuntimeError, match="not a public key of age"):
        server.run("doctor")
