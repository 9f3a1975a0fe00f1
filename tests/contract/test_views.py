"""Every view names a permission; templates take the layout and carry no script of their own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = [
    path
    for pattern in (
        "core/communicate/**/*.pt",
        "plugins/*/communicate_*/**/*.pt",
        "themes/*/communicate_*/**/*.pt",
    )
    for path in sorted(ROOT.glob(pattern))
    if "cli/templates" not in path.as_posix()
]
#: All that come with the site: each adds views of its own.
PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]
INLINE = [
    (r"<script(?![^>]*\bsrc=)", "an inline script"),
    (r"<style\b", "an inline style sheet"),
    (r"\sstyle=", "an inline style"),
    (r"\son[a-z]+=", "an inline handler"),
    (r"(?:src|href|action)=[\"']?(?:https?:)?//", "another host"),
    (r"javascript:", "a javascript: address"),
]


@pytest.fixture(scope="module")
def introspector(tmp_path_factory):
    from communicate.testing.house import House

    house = House(tmp_path_factory.mktemp("views"), PLUGINS, {})
    yield house.registry.introspector
    house.close()


class TestPermissions:
    def test_every_view_names_one(self, introspector):
        """An exception view has none: Pyramid calls it after the decision."""
        without = []
        for item in introspector.get_category("views"):
            view = item["introspectable"]
            context = view["context"]
            failure = isinstance(context, type) and issubclass(context, Exception)
            static = "static" in str(view.get("callable")).lower()
            named = any(other.category_name == "permissions" for other in item["related"])
            if not (
                named
                or failure
                or static
                or getattr(context, "__name__", "") in ("IExceptionResponse",)
            ):
                without.append(f"{view['callable']} for {context}")
        assert without == []


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_none_carries_script_style_or_another_host(self, path):
        text = path.read_text(encoding="utf-8")
        found = [what for pattern, what in INLINE if re.search(pattern, text, re.IGNORECASE)]
        assert found == []

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_none_is_longer_than_a_reader_can_hold(self, path):
        assert path.read_text(encoding="utf-8").count("\n") <= 120
