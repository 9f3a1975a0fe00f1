"""The settings of mail that comes in, read as ``email.<name>``."""

from typing import Any
from urllib.parse import urlsplit

from colander import Int, Invalid, OneOf, Range, SchemaNode, String

from communicate.links import is_local
from communicate.settings.types import Listen, ListenOrOff, Rate, SettingType, Size

MB = 2**20


class HostName(SettingType):
    """The name of a machine, as others find it in the DNS."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text* in lower case."""
        name = text.lower().rstrip(".")
        labels = name.split(".")
        sound = all(part.replace("-", "").isalnum() and part.isascii() for part in labels)
        if not sound or len(name) > 253:
            raise Invalid(node, f'"{text}" is not the name of a machine, such as mx.example.org.')
        return name


class Local(SettingType):
    """The path of a socket or an address of this machine, or ``off``."""

    def read(self, node: SchemaNode, text: str) -> str:
        """Return *text*, empty where it is ``off``."""
        if text.lower() == "off":
            return ""
        if text.startswith("/"):
            return text
        listen: str = Listen().read(node, text)
        if not is_local(listen.rpartition(":")[0]):
            raise Invalid(
                node, f'"{text}" is not on this machine: write the path of a socket, or 127.0.0.1.'
            )
        return listen


def host_of(settings: Any) -> str:
    """Return the name by which the machine speaks of itself in mail."""
    named: str = settings["email.hostname"]
    return named or urlsplit(settings.get("communicate.url") or "").hostname or "localhost"


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            HostName(),
            name="hostname",
            missing="",
            description="Write the name by which other mail servers find this machine, such as "
            "mx.example.org; without it the host of communicate.url is used.",
        ),
        SchemaNode(
            ListenOrOff(),
            name="smtp",
            missing="",
            description="Write where mail comes in by SMTP, such as 0.0.0.0:25, or off.",
        ),
        SchemaNode(
            Local(),
            name="lmtp",
            missing="",
            description="Write where a mail server on this machine hands over by LMTP: the path "
            "of a socket, such as /run/communicate/lmtp.sock, or 127.0.0.1:2424, or off.",
        ),
        SchemaNode(
            Size(),
            name="message_size",
            missing=25 * MB,
            validator=Range(64 * 1024, 256 * MB),
            description="Write how large a message may be, from 64 KB to 256 MB, such as 25 MB.",
        ),
        *looks(),
        *limits(),
    ]


def looks() -> list[SchemaNode]:
    """Return the settings that say who looks at what comes in."""
    return [
        SchemaNode(
            String(),
            name="senders",
            missing="junk",
            validator=OneOf(("off", "mark", "junk", "refuse")),
            description="Write what is done with messages that the domain of their author does "
            "not vouch for (SPF, DKIM, DMARC): mark, junk (into that folder), refuse (where the "
            "domain asks for it), or off to ask no name servers about it.",
        ),
        SchemaNode(
            Local(),
            name="clamav",
            missing="",
            description="Write where clamd listens, such as /run/clamav/clamd.ctl or "
            "127.0.0.1:3310, or off: messages that hold a virus are refused.",
        ),
        SchemaNode(
            Local(),
            name="rspamd",
            missing="",
            description="Write where a worker of rspamd listens, such as 127.0.0.1:11333, or off: "
            "what it takes for junk comes into that folder.",
        ),
        SchemaNode(
            Local(),
            name="rspamd_learn",
            missing="",
            description="Write where rspamd's controller listens, such as 127.0.0.1:11334, or "
            "off: what members move into Junk, or out of it, is told to it.",
        ),
        SchemaNode(
            String(),
            name="rspamd_password",
            missing="",
            description="Write the password of rspamd's controller, where it asks for one.",
            secret=True,
        ),
    ]


def limits() -> list[SchemaNode]:
    """Return the settings that say what strangers may ask for."""
    return [
        SchemaNode(
            Int(),
            name="smtp_recipients",
            missing=100,
            validator=Range(1, 10_000),
            description="Write how many recipients a message that comes in may have, 1 to 10000.",
        ),
        SchemaNode(
            Int(),
            name="smtp_connections",
            missing=200,
            validator=Range(1, 5000),
            description="Write how many connections of SMTP there may be, from 1 to 5000.",
        ),
        SchemaNode(
            Int(),
            name="smtp_per_address",
            missing=20,
            validator=Range(1, 5000),
            description="Write how many of them may come from one address, from 1 to 5000.",
        ),
        SchemaNode(
            Rate(),
            name="smtp_connects",
            missing="1000/hour",
            description="Write how often one address may connect, such as 1000/hour.",
        ),
        SchemaNode(
            Rate(),
            name="smtp_messages",
            missing="2000/hour",
            description="Write how many messages one address may send, such as 2000/hour.",
        ),
        SchemaNode(
            Rate(),
            name="smtp_unknown",
            missing="60/hour",
            description="Write how often one address may name a recipient who is not here, such "
            "as 60/hour; then it is told nothing of anybody for a while.",
        ),
        SchemaNode(
            Int(),
            name="smtp_patience",
            missing=120,
            validator=Range(1, 3600),
            description="Write for how many seconds a connection may be silent, from 1 to 3600.",
        ),
        SchemaNode(
            Int(),
            name="smtp_message_time",
            missing=900,
            validator=Range(1, 86_400),
            description="Write how many seconds one message may take to come in, 1 to 86400.",
        ),
        SchemaNode(
            Size(),
            name="smtp_memory",
            missing=256 * MB,
            validator=Range(1 * MB, 16 * 1024 * MB),
            description="Write how much memory messages that are on their way in may take, such "
            "as 256 MB: at least twice email.message_size.",
        ),
    ]
