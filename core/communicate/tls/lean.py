"""What asyncio keeps for each connection that speaks TLS, small enough for thousands of them."""

from asyncio import sslproto

BUFFER = 32 * 1024  # octets: two records of TLS


def lean_buffers() -> None:
    """Have each TLS connection that asyncio makes in this process keep a small buffer.

    It gives each one 256 KiB for what it receives, as long as the connection lasts: a thousand
    clients that wait take 250 MB.  What comes goes on from there at once, so nothing waits for
    more room.
    """
    sslproto.SSLProtocol.max_size = BUFFER
