"""The settings of disks over FTPS, read as ``vdisk.<name>``."""

from typing import Any

from colander import Int, Invalid, Range, SchemaNode

from communicate.settings.types import Address, ListenOrOff, SettingType, Switch

LOWEST = 1024


class Ports(SettingType):
    """A range of ports: ``50000-50099``."""

    def read(self, node: SchemaNode, text: str) -> Any:
        """Return the range."""
        first, dash, last = (part.strip() for part in text.partition("-"))
        sound = dash and first.isdecimal() and last.isdecimal()
        if not sound or not LOWEST <= int(first) <= int(last) < 65536:
            raise Invalid(node, f'"{text}" is not a range of ports such as 50000-50099.')
        return range(int(first), int(last) + 1)


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            ListenOrOff(),
            name="ftps",
            missing="",
            description="Write where disks are reached by FTPS, such as 127.0.0.1:2121, or off.",
        ),
        SchemaNode(
            Ports(),
            name="ftps_ports",
            missing=range(50000, 50100),
            description="Write the ports of data connections, such as 50000-50099: the firewall "
            "lets them in.",
        ),
        SchemaNode(
            Address(),
            name="ftps_address",
            missing="",
            description="Write the IPv4 address by which clients reach this machine, where a "
            "router translates it.",
        ),
        SchemaNode(
            Int(),
            name="ftps_sessions",
            missing=64,
            validator=Range(1, 1000),
            description="Write how many sessions there may be at once, from 1 to 1000.",
        ),
        SchemaNode(
            Int(),
            name="ftps_per_address",
            missing=8,
            validator=Range(1, 1000),
            description="Write how many of them may come from one address, from 1 to 1000.",
        ),
        SchemaNode(
            Switch(),
            name="ftp_plain",
            missing=False,
            description="Write whether passwords and files may travel in clear text: yes or no.",
        ),
    ]
