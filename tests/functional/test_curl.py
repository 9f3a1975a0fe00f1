"""A real client that is no browser: curl joins in with nothing but a cookie jar."""

import subprocess
from itertools import chain

import pytest

from communicate.testing.client import fields_of
from communicate.testing.house import PASSWORD
from communicate.testing.programs import needed
from communicate.testing.server import Server


class Curl:
    """curl with a cookie jar, as somebody would use it in a script."""

    def __init__(self, path, jar, url):
        self.path, self.jar, self.url = path, jar, url

    def __call__(self, address, *options):
        words = [self.path, "--silent", "--show-error", "--max-time", "20"]
        words += ["--cookie", self.jar, "--cookie-jar", self.jar, *options, self.url + address]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    def submit(self, page, **values):
        form = {**fields_of(self(page), next(iter(values))), **values}
        pairs = [("--data-urlencode", f"{name}={value}") for name, value in form.items()]
        return self(page, "--include", *chain.from_iterable(pairs))


class TestCurl:
    def test_it_signs_in_writes_and_reads(self, curl):
        assert "303 See Other" in curl.submit("/login", login="claire", password=PASSWORD)
        answer = curl.submit(
            "/forums/general/new", title="De la ligne de commande", body="Bonjour"
        )
        assert "303 See Other" in answer
        assert "De la ligne de commande" in curl("/forums/general")

    def test_its_cookies_end_with_the_session_and_no_script_reads_them(self, curl):
        answer = curl.submit("/login", login="claire", password=PASSWORD)
        cookies = [line for line in answer.splitlines() if line.lower().startswith("set-cookie")]
        assert cookies
        for line in cookies:
            assert "httponly" in line.lower()
            assert "samesite=lax" in line.lower()
        session = next(line for line in cookies if "session=" in line)
        assert "expires" not in session.lower()
        assert "max-age" not in session.lower()

    def test_a_large_body_is_refused_before_it_is_sent(self, curl, tmp_path):
        large = tmp_path / "large"
        large.write_bytes(b"x" * 12_000_000)
        answer = curl("/login", "--include", "--data-binary", f"@{large}")
        assert "413" in answer


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A served site with one member, for all tests here."""
    program = needed("curl")
    with Server(tmp_path_factory.mktemp("curl") / "site") as server:
        server.member("claire", PASSWORD)
        yield program, server.url


@pytest.fixture
def curl(site, tmp_path):
    program, url = site
    return Curl(program, str(tmp_path / "jar"), url)
