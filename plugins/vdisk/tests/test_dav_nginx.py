"""The disk over WebDAV behind nginx with TLS, set up as `docs/howto/webdav.md` says."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from communicate.testing.programs import needed
from communicate.testing.server import free_port, listening
from communicate.tls.making import make

from .davs import Dav, place_at

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "webdav.md"
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/site.crt;
        ssl_certificate_key {folder}/site.key;
        {location}
    }}
    server {{
        listen 127.0.0.1:{clear};
        {location}
    }}
}}
"""


@pytest.fixture(scope="module")
def dav(place):
    dav = Dav(place_at(place))
    dav.place.house.registry.settings["communicate.trusted_proxy"] = "127.0.0.1"
    yield dav
    dav.gateway.stop()


@pytest.fixture(scope="module")
def nginx(dav, tmp_path_factory):
    """Run nginx with the page's own lines; return its port with TLS, and that without."""
    program = needed("nginx", "/usr/sbin/nginx")
    folder, port, clear = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    key, certificate = make(["localhost"], datetime.now(UTC))
    (folder / "site.key").write_bytes(key)
    (folder / "site.crt").write_bytes(certificate)
    written = re.search(r"```\n(location /dav \{.*?\n\})\n```", PAGE.read_text("utf-8"), re.DOTALL)
    location = written.group(1).replace("127.0.0.1:8010", f"127.0.0.1:{dav.gateway.port}")
    text = NGINX.format(folder=folder, port=port, clear=clear, location=location)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    words = [program, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"]
    process = subprocess.Popen([*words, *(["-g", "user root;"] if os.getuid() == 0 else [])])
    assert listening(port, process), (folder / "error.log").read_text("utf-8")
    yield port, clear
    process.terminate()
    process.wait(30)


@pytest.fixture
def curl(dav, tmp_path):
    """Return what asks with curl, and returns the status and what was said."""

    def curl(*words, user=f"ines:{dav.secrets['ines']}"):
        said = tmp_path / "said"
        words = [needed("curl"), "-sSk", "-u", user, "-o", said, "-w", "%{http_code}", *words]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
        return int(done.stdout), said.read_bytes() if said.exists() else b""

    return curl


class TestNginx:
    def test_what_is_put_is_moved_copied_and_got_through_it(self, curl, nginx, tmp_path):
        """RFC 4918, 10.3: the destination says https, of which the gateway sees nothing."""
        base = f"https://localhost:{nginx[0]}/dav/ines"
        (tmp_path / "film.bin").write_bytes(data := os.urandom(5_000_000))
        assert curl("-T", tmp_path / "film.bin", f"{base}/film.bin")[0] == 201
        for verb, source, target in (
            ("MOVE", "film.bin", "Été%20à%20deux.bin"),
            ("COPY", "Été%20à%20deux.bin", "copie.bin"),
        ):
            there = f"Destination: {base}/{target}"
            assert curl("-X", verb, "-H", there, f"{base}/{source}")[0] == 201
        assert curl(f"{base}/copie.bin") == (200, data)
        assert (
            curl("-X", "MOVE", "-H", "Destination: https://x/dav/a", f"{base}/copie.bin")[0] == 502
        )

    def test_without_tls_no_password_is_asked_for(self, curl, nginx):
        assert curl(f"http://localhost:{nginx[1]}/dav/ines/")[0] == 403

    def test_without_a_password_nothing_is_sent_on(self, curl, nginx, tmp_path):
        (tmp_path / "film.bin").write_bytes(b"x" * 3_000_000)
        url = f"https://localhost:{nginx[0]}/dav/ines/film2.bin"
        assert curl("-T", tmp_path / "film.bin", url, user="ines:x")[0] == 401
