"""TLS connections of asyncio with small buffers: what is larger than one comes whole."""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from communicate.tls import making
from communicate.tls.lean import BUFFER, lean_buffers


async def echoed(context, octets):
    """Return what a server sends back of *octets*, and what it kept to receive them."""
    kept = []

    async def serve(reader, writer):
        kept.append(len(writer.transport._ssl_protocol._ssl_buffer))
        writer.write(await reader.readexactly(len(octets)))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        writer.write(octets)
        found = await reader.readexactly(len(octets))
        writer.close()
    return found, kept


def test_a_small_buffer_takes_all_that_comes(tmp_path):
    lean_buffers()
    secret, public = making.make(making.HERE, datetime.now(UTC))
    (tmp_path / "key").write_bytes(secret)
    (tmp_path / "crt").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    octets = bytes(range(256)) * 4_096
    with ThreadPoolExecutor(1) as apart:  # a browser's tests may leave a loop to this thread
        found = apart.submit(lambda: asyncio.run(echoed(context, octets))).result(60)
    assert found == (octets, [BUFFER])
