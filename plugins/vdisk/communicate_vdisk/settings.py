"""The settings of the disk, read as ``vdisk.<name>``."""

from typing import Any

from colander import Int, Invalid, Range, SchemaNode

from communicate.links import is_local
from communicate.settings.types import Listen, ListenOrOff, Rate, SettingType, Size, Switch


class Clamd(SettingType):
    """Where clamd listens: the path of a socket, an address of this machine, or ``off``."""

    def read(self, node: SchemaNode, text: str) -> Any:
        """Return *text*, empty where it is ``off``."""
        if text.lower() == "off":
            return ""
        if text.startswith("/"):
            return text
        host = Listen().read(node, text).rpartition(":")[0]
        if not is_local(host):
            raise Invalid(
                node,
                "clamd speaks without encryption: it is asked on this machine only. Run it here, "
                "or lead a tunnel here, and name whoever runs it under [communicate:operator].",
            )
        return text


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Size(),
            name="upload",
            missing=32 * 2**20,
            description="Write how much one form may send, such as 32 MB.",
        ),
        SchemaNode(
            Size(),
            name="part",
            missing=16 * 2**20,
            validator=Range(8 * 2**20, 32 * 2**20),
            description="Write how large a part of an upload may be, from 8 MB to 32 MB.",
        ),
        SchemaNode(
            Rate(),
            name="parts",
            missing="20000/hour",
            description="Write how often a member may send a part of a file, as 20000/hour.",
        ),
        SchemaNode(
            Int(),
            name="unfinished",
            missing=100,
            validator=Range(1, 1000),
            description="Write how many unfinished uploads a member may have, from 1 to 1000.",
        ),
        SchemaNode(
            Int(),
            name="upload_days",
            missing=7,
            validator=Range(1, 365),
            description="Write for how many days an unfinished upload is kept, from 1 to 365.",
        ),
        SchemaNode(
            Rate(),
            name="uploads",
            missing="2000/hour",
            description="Write how often a member may add or replace a file, such as 2000/hour.",
        ),
        SchemaNode(
            Rate(),
            name="zips",
            missing="120/hour",
            description="Write how often one member, or one stranger, may fetch a ZIP.",
        ),
        SchemaNode(
            Switch(),
            name="links",
            missing=True,
            description="Write whether links may lead strangers to files: yes or no.",
        ),
        SchemaNode(
            Rate(),
            name="link_tries",
            missing="10/hour",
            description="Write how often one network may try the password of one link.",
        ),
        SchemaNode(
            Rate(),
            name="link_tries_all",
            missing="200/hour",
            description="Write how often all together may try the password of one link.",
        ),
        SchemaNode(
            ListenOrOff(),
            name="dav",
            missing="",
            description="Write the host and the port for WebDAV, such as 127.0.0.1:8010, or off.",
        ),
        SchemaNode(
            Int(),
            name="dav_threads",
            missing=16,
            validator=Range(1, 64),
            description="Write how many requests over WebDAV are answered at once, 1 to 64.",
        ),
        SchemaNode(
            Rate(),
            name="dav_uploads",
            missing="20000/hour",
            description="Write how often a member may add or replace a file over WebDAV.",
        ),
        SchemaNode(
            Rate(),
            name="changes",
            missing="20000/hour",
            description="Write how often a member may change, move, lock or throw away something, "
            "such as 20000/hour.",
        ),
        SchemaNode(
            Rate(),
            name="copies",
            missing="200/hour",
            description="Write how often a member may begin a copy that takes long, more than 500 "
            "things or 256 MB, such as 200/hour.",
        ),
        SchemaNode(
            Int(),
            name="trash_days",
            missing=30,
            validator=Range(1, 3650),
            description="Write for how many days the trash keeps things, from 1 to 3650.",
        ),
        SchemaNode(
            Int(),
            name="version_days",
            missing=90,
            validator=Range(1, 3650),
            description="Write for how many days former versions of files are kept, 1 to 3650.",
        ),
        SchemaNode(
            Int(),
            name="versions",
            missing=20,
            validator=Range(0, 1000),
            description="Write how many former versions of a file are kept, from 0 to 1000.",
        ),
        SchemaNode(
            Int(),
            name="page_size",
            missing=50,
            validator=Range(10, 200),
            description="Write how many things a page of a folder shows, from 10 to 200.",
        ),
        SchemaNode(
            Clamd(),
            name="clamav",
            missing="",
            description="Write where clamd listens, such as /run/clamav/clamd.ctl or "
            "127.0.0.1:3310, or off.",
        ),
        SchemaNode(
            Size(),
            name="clamav_most",
            missing=25 * 2**20,
            description="Write how large a file clamd looks at, such as 25 MB: no more than its "
            "own StreamMaxLength, MaxFileSize and MaxScanSize say.",
        ),
    ]
