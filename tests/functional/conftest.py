"""Sites in processes of their own."""

from collections.abc import Iterator

import pytest

from communicate.testing.server import Server

PASSWORD = "le tilleul penche vers le canal"


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """Return a site that is not started yet, in a folder of its own; it is stopped at the end."""
    server = Server(tmp_path / "site")
    yield server
    server.stop()


@pytest.fixture
def password() -> str:
    """Return a password that is good enough."""
    return PASSWORD
