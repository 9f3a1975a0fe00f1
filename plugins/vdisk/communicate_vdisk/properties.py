"""What programs keep with a folder or a file over WebDAV (RFC 4918, 4: dead properties).

It is one sealed value of the thing: XML by name, the name in Clark notation, and little of it.
"""

import json
from typing import Any

from communicate_vdisk.content import Node

KIND = "vdisk.properties"
MOST = 50  # of one thing
LARGEST = 8 * 1024  # characters of all of one thing's


def told(seals: Any, node: Node) -> dict[str, str]:
    """Return what programs keep with *node*."""
    text = None if node.properties is None else seals.text(node.properties)
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def fits(kept: dict[str, str]) -> bool:
    """Tell whether *kept* is as little as can be kept."""
    return len(kept) <= MOST and sum(map(len, (*kept, *kept.values()))) <= LARGEST


def keep(seals: Any, node: Node, kept: dict[str, str]) -> None:
    """Keep *kept* with *node*, and nothing else."""
    text = json.dumps(kept, ensure_ascii=False)
    node.properties = seals.seal(node.owner, KIND, text) if kept else None


def bring_back(seals: Any, node: Node, row: Any) -> None:
    """Keep with *node* what the *row* of an archive has; raise ValueError for what is none."""
    if not row:
        return
    sound = isinstance(row, dict) and all(isinstance(one, str) for one in row.values())
    if not sound or not fits(row):
        raise ValueError("what programs kept with a file is not as it was exported")
    keep(seals, node, row)
