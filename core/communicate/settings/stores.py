"""Declare where the data of the site lies.

Everything but the master key and the ledger of erasures has a place under
``communicate.var``; those two lie beside the ini file in development and wherever the
operator says, outside ``communicate.var``, in production.
"""

from pathlib import Path
from typing import Any

from colander import Int, Range, SchemaNode, String

from communicate.settings.nodes import Derive, node
from communicate.settings.site import production
from communicate.settings.types import FilePath

ZODB_URI = "Write a ZODB URI such as file:///srv/site/Data.fs or postgres://user@host/name."
SQL_URL = "Write an SQLAlchemy URL such as sqlite:////srv/site/{0}.sqlite."


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [*places(), *stores(), *secrets()]


def places() -> list[SchemaNode]:
    """Return the folders; each but the first has its place under the first."""
    under = [
        node(FilePath(), f"communicate.{name}", "Write the path of a folder.", derived=below(name))
        for name in ("blobs", "run", "outbox", "logs")
    ]
    var = node(
        FilePath(),
        "communicate.var",
        "Write the path of the folder that holds the data.",
        derived=lambda read: Path(read["here"]) / "var",
    )
    return [var, *under]


def stores() -> list[SchemaNode]:
    """Return the three stores: the tree, the catalog and the key ring."""
    return [
        node(
            String(),
            "communicate.database",
            ZODB_URI,
            derived=lambda read: f"file://{read['communicate.var'] / 'Data.fs'}",
        ),
        node(
            String(), "communicate.catalog", SQL_URL.format("catalog"), derived=sqlite("catalog")
        ),
        node(
            String(), "communicate.keyring", SQL_URL.format("keyring"), derived=sqlite("keyring")
        ),
        node(
            Int(),
            "communicate.pack_days",
            "Write for how many days the nightly pack leaves what was deleted, from 0 to 365.",
            missing=0,
            validator=Range(0, 365),
        ),
    ]


def secrets() -> list[SchemaNode]:
    """Return what may not lie under ``communicate.var``, which is what gets backed up."""
    return [
        node(
            FilePath(),
            "communicate.master_key_file",
            "Write the path of a file that only the site's account may read, outside "
            "communicate.var, or give the key in COMMUNICATE_MASTER_KEY.",
            derived=beside("master.key"),
        ),
        node(
            FilePath(),
            "communicate.ledger_file",
            "Write the path of the ledger of erasures, outside communicate.var and outside "
            "what is backed up with it.",
            derived=beside("erasures.log"),
        ),
    ]


def below(name: str) -> Derive:
    """Return a default: the folder *name* under ``communicate.var``."""
    return lambda read: read["communicate.var"] / name


def sqlite(name: str) -> Derive:
    """Return a default: an SQLite file under ``communicate.var``."""
    return lambda read: f"sqlite:///{read['communicate.var'] / name}.sqlite"


def beside(name: str) -> Derive:
    """Return a default: ``.secrets/name`` beside the ini file, in production none."""

    def derive(read: dict[str, Any]) -> Path | None:
        return None if production(read) else Path(read["here"]) / ".secrets" / name

    return derive
