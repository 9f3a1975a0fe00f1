"""A crowd of members who each have a page open: ``crowd.py PORT``, ids of sessions on stdin.

Prints ``connected`` once all are, and stays until stdin ends.  Each asks for a ticket by HTTP and
opens a WebSocket with it, as a page does.
"""

import asyncio
import hashlib
import hmac
import json
import resource
import sys
from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from communicate.accounts.cookies import SESSION
from communicate.testing.client import Client
from communicate.web.csrf import LABEL

AT_ONCE = 20
OTHERS = 100  # open files


def ticket(client: Client, secret: str) -> dict[str, str]:
    """Return the ticket that the member of the session *secret* gets."""
    client.cookies = {SESSION: secret}
    token = hmac.new(secret.encode(), LABEL, hashlib.sha256).hexdigest()[:40]
    answer = client.post("/live/ticket", {"csrf_token": token, "since": "0"})
    if answer.status != 200:
        raise RuntimeError(f"no ticket: {answer.status}")
    found: dict[str, str] = json.loads(answer.text)
    return found


async def enter(made: dict[str, str], origin: str, free: asyncio.Semaphore) -> Any:
    """Return a WebSocket opened with a ticket."""
    async with free:
        return await connect(
            made["address"],
            origin=Origin(origin),
            subprotocols=[Subprotocol("communicate.live"), Subprotocol(made["ticket"])],
            compression=None,
            ping_interval=None,
            proxy=None,
        )


async def listen(socket: Any) -> None:
    """Take what *socket* is told."""
    async for _told in socket:
        pass


async def main(port: int) -> None:
    """Connect everybody, and wait."""
    loop, client, free = asyncio.get_running_loop(), Client(port), asyncio.Semaphore(AT_ONCE)
    secrets = sys.stdin.readline().split()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, len(secrets) + OTHERS), hard))
    listening = []
    for start in range(0, len(secrets), AT_ONCE):
        made = [ticket(client, secret) for secret in secrets[start : start + AT_ONCE]]
        entered = await asyncio.gather(*(enter(each, client.origin, free) for each in made))
        listening += [asyncio.create_task(listen(socket)) for socket in entered]
    await asyncio.sleep(1)
    print("connected" if not any(task.done() for task in listening) else "lost", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
