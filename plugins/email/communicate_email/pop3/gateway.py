"""The servers: what ``communicate serve`` starts where settings say an address."""

from typing import Any

from communicate_email.imap import gateway
from communicate_email.pop3.session import Session


class Gateway(gateway.Gateway):
    """POP3 with STLS and with TLS from the first octet, in a thread of its own."""

    clear, encrypted = "pop3", "pop3s"
    session = Session
    crowded = b"-ERR [SYS/TEMP] Too many connections: try again later\r\n"
    ending = b"-ERR [SYS/TEMP] The server goes down\r\n"


def start(registry: Any) -> Gateway:
    """Start the gateway; raise CannotListen, or NoCertificate."""
    made = Gateway(registry)
    made.start()
    return made
