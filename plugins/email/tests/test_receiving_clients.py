"""Real clients that hand mail over: swaks, msmtp."""

import subprocess

import pytest

from communicate.testing.programs import needed

from .receiving_site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("clients"), boxes=False)
    site.uid = site.house.member("ines")
    yield site
    site.close()


def test_swaks_hands_over_with_tls(site):
    swaks = needed("swaks")
    done = subprocess.run(
        [
            *(swaks, "--server", f"127.0.0.1:{site.port}", "--tls", "--timeout", "60"),
            *("--from", "ada@example.net", "--to", "ines@localhost"),
            *("--header", "Subject: Le banc", "--body", "Sous le tilleul."),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<~  250 2.0.0 Kept" in done.stdout
    raw = site.inbox(site.uid)[-1]
    assert b"Subject: Le banc\r\n" in raw
    assert b"with ESMTPS id" in raw
    assert b"Sous le tilleul.\r\n" in raw


def test_msmtp_hands_over_with_tls(site):
    done = subprocess.run(
        [
            *(needed("msmtp"), "--file=/dev/null", "--host=127.0.0.1", f"--port={site.port}"),
            *("--tls=on", "--tls-starttls=on", "--tls-certcheck=off", "--auth=off"),
            *("--timeout=60", "--from=ada@example.net", "ines@localhost"),
        ],
        input=b"Subject: Par msmtp\n\n.un point\n..deux\n",
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    raw = site.inbox(site.uid)[-1]
    assert b"Subject: Par msmtp\r\n" in raw
    assert raw.endswith(b"\r\n\r\n.un point\r\n..deux\r\n")
    assert b"with ESMTPS id" in raw
