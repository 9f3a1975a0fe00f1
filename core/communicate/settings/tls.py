"""Declare with what the site's own servers, other than the web's, prove who they are."""

from pathlib import Path
from typing import Any

from colander import SchemaNode

from communicate.settings.nodes import Derive, node
from communicate.settings.types import FilePath


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        node(
            FilePath(),
            "communicate.tls_certificate",
            "Write the path of the certificate, with those that vouch for it (PEM), of the "
            "gateways; `communicate tls self-signed` makes one for trials.",
            derived=below("site.crt"),
        ),
        node(
            FilePath(),
            "communicate.tls_key",
            "Write the path of the key of communicate.tls_certificate (PEM).",
            derived=below("site.key"),
        ),
    ]


def below(name: str) -> Derive:
    """Return a default: the file *name* in ``tls`` under ``communicate.var``."""

    def derive(read: dict[str, Any]) -> Path:
        return Path(read["communicate.var"]) / "tls" / name

    return derive
