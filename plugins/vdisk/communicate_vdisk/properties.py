"""What programs keep with a folder or a file over WebDAV (RFC 4918, 4: dead properties).

It is one sealed value of the thing: XML by name, the name in Clark notation, and little of it.  It
counts against the quota of whose disk it is.
"""

import json
from typing import Any

from communicate.interfaces import IQuota
from communicate_vdisk.content import SERVICE, Node

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


def keep(service: Any, node: Node, kept: dict[str, str]) -> None:
    """Keep *kept* with *node*, and nothing else; raise QuotaExceeded."""
    text = json.dumps(kept, ensure_ascii=False) if kept else ""
    size = len(text.encode())
    quota, owner = service.request.find_service(IQuota), int(node.owner or 0)
    if size > node.kept:
        quota.claim(owner, SERVICE, size - node.kept)
    else:
        quota.release(owner, SERVICE, node.kept - size)
    node.properties = service.seals.seal(node.owner, KIND, text) if kept else None
    node.kept = size


def bring_back(service: Any, node: Node, row: Any) -> None:
    """Keep with *node* what the *row* of an archive has; raise ValueError for what is none."""
    if not row:
        return
    sound = isinstance(row, dict) and all(isinstance(one, str) for one in row.values())
    if not sound or not fits(row):
        raise ValueError("what programs kept with a file is not as it was exported")
    keep(service, node, row)
