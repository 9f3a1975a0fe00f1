"""The reference is what the source says."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["hooks", "settings"])
def test_the_page_is_what_its_generator_writes(name):
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.PAGE.read_text(encoding="utf-8") == generator.page(), (
        f"run: python docs/{name}.py"
    )


def test_every_page_is_in_the_table_of_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = [path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.glob("*/*.md")]
    assert [page for page in pages if page not in index and not page.startswith("_build")] == []
