"""The settings of what mail programs are told, read as ``email.<name>``."""

from typing import Any

from colander import Invalid, SchemaNode

from communicate.settings.types import Names, Rate
from communicate_email.receiving.settings import HostName

SERVERS = ("imaps", "imap", "pop3s", "pop3", "submissions", "submission")


class Ports(Names):
    """Ports by the names of settings: ``imaps=993 submissions=465``."""

    def deserialize(self, node: SchemaNode, cstruct: Any) -> Any:
        """Return a dict of numbers by name."""
        if isinstance(cstruct, dict):
            return cstruct
        words = super().deserialize(node, cstruct)
        return dict(self._pair(node, word) for word in words) if isinstance(words, list) else words

    def _pair(self, node: SchemaNode, word: str) -> tuple[str, int]:
        name, _equals, port = word.partition("=")
        number = int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else 0
        if name not in SERVERS or not 0 < number < 65536:
            raise Invalid(node, f'"{word}" is not a server and its port, such as imaps=993.')
        return name, number


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            HostName(),
            name="programs_host",
            missing="",
            description="Write the name by which mail programs find this machine, such as "
            "mail.example.org, which its certificate must bear; without it email.hostname is "
            "used.",
        ),
        SchemaNode(
            Ports(),
            name="programs_ports",
            missing={},
            description="Write the ports at which programs find the servers where those are "
            "others than here, behind a firewall that leads on, such as imaps=993 "
            "submissions=465.",
        ),
        SchemaNode(
            Rate(),
            name="discovering",
            missing="120/minute",
            description="Write how often one network may ask for what mail programs set "
            "themselves up with, such as 120/minute.",
        ),
    ]
