"""Write ``reference/settings.md`` from the schema of core's settings.

Run by ``make docs``; a test compares the page with what this would write.
"""

from pathlib import Path

from colander import SchemaNode, required

from communicate.settings.environment import variable
from communicate.settings.load import core_nodes

PAGE = Path(__file__).parent / "reference" / "settings.md"
HEAD = """# Settings

A setting stands in the ini file under `[app:main]`; an environment variable overrides it. What
is wrong is listed all at once, each with its cure, and nothing starts. A plugin's settings stand
under its own prefix; those of a plugin that is not enabled are kept unread.

What the operator says on the pages about privacy, `communicate.operator.*` below, stands in a
section of its own, `[communicate:operator]`, without that prefix; `production.ini` shows one.

Two things are read from the environment alone: `COMMUNICATE_MASTER_KEY`, the master key, in place
of its file; and in tests `COMMUNICATE_REQUIRE_BROWSER` and `COMMUNICATE_REQUIRE_CLIENTS`, which
make the absence of a browser or a client a failure.

| setting | variable | when it is not given | what to write |
|---|---|---|---|
"""


def default(node: SchemaNode) -> str:
    """Return what *node* has when nothing is given, in words."""
    if getattr(node, "derived", None) is not None:
        return "depends on other settings"
    if node.missing is required:
        return "it must be given"
    return f"`{node.missing}`" if node.missing not in (None, "", []) else "nothing"


def row(node: SchemaNode) -> str:
    """Return the line of the table about *node*."""
    return f"| `{node.name}` | `{variable(node.name)}` | {default(node)} | {node.description} |"


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(map(row, core_nodes())) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
