"""A site that is served compiles its templates by itself, once."""

import time

import pytest

from communicate.testing.server import Server
from communicate.web.compiled import WHOLE


@pytest.mark.slow
def test_a_site_has_its_templates_compiled_by_the_time_of_its_second_start(tmp_path, monkeypatch):
    monkeypatch.delenv("CHAMELEON_CACHE", raising=False)
    site = Server(tmp_path, "forums")
    kept = tmp_path / "var" / "run" / "templates"
    with site:
        until = time.monotonic() + 120
        while not (whole := list(kept.glob(f"*/{WHOLE}"))):
            assert time.monotonic() < until
            time.sleep(0.1)
    before = sorted(whole[0].parent.glob("*.py"))
    assert len(before) > 100
    with site:
        assert "<main" in site.client().get("/forums/general")
        assert "<main" in site.client().get("/help")
    assert sorted(whole[0].parent.glob("*.py")) == before
