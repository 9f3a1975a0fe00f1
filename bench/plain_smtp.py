"""aiosmtpd that writes each message into a file of its own and has it written to the disk."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Files:
    """Keeps messages in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Write one message; it is durable once that is said."""
        self.count += 1
        opened = os.open(self.folder / str(self.count), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(opened, envelope.content)
        os.fsync(opened)
        os.close(opened)
        return "250 Ok"


def main(folder: str, port: str) -> None:
    """Serve until a signal ends it."""
    controller = Controller(Files(Path(folder)), hostname="127.0.0.1", port=int(port))
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(*sys.argv[1:])
