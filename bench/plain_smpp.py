"""A message centre on this machine, smpp34's server: it takes whatever is submitted.

It answers after a while, as one does that is somewhere else.
"""

import asyncio
import sys

import smpp34


async def serve(port: int, seconds: float) -> None:
    """Answer each submit_sm *seconds* after it came."""
    server = smpp34.Server("127.0.0.1", port)
    await server.start()
    loop, taken = asyncio.get_running_loop(), 0
    while True:
        event = await server.next()
        if isinstance(event, smpp34.SubmitSmEvent):
            taken += 1
            loop.call_later(seconds, event.accept, f"id-{taken}")


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
