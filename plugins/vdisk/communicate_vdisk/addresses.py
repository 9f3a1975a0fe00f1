"""Addresses of folders and files: by id below their disk, wherever they lie."""

from typing import Any

from pyramid.interfaces import IResourceURL
from zope.interface import implementer

from communicate_vdisk.content import NAME, Disk
from communicate_vdisk.placing import disk_above


@implementer(IResourceURL)
class NodeURL:
    """What Pyramid makes the address of a folder or a file of."""

    def __init__(self, node: Any, _request: Any) -> None:
        disk = disk_above(node)
        names = ["", "members", str(disk.__parent__.__name__), NAME]
        if not isinstance(node, Disk):
            names.append(str(node.__name__))
        self.physical_path_tuple = self.virtual_path_tuple = (*names, "")
        self.physical_path = self.virtual_path = "/".join((*names, ""))
