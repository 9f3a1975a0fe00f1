"""The data connection: a transfer is whole only where its sender said so.

pyftpdlib answers 226 to any end of an upload, and keeps what came.  TLS tells an end from a cut:
the sender's ``close_notify`` (RFC 5246, 7.2.1), without which nothing is kept here.
"""

import sys
import threading
from typing import Any

from OpenSSL import SSL
from pyftpdlib.exceptions import FilesystemError, _RetryError
from pyftpdlib.handlers.ftp.data import DTPHandler
from pyftpdlib.handlers.ftp.dispatchers import PassiveDTP
from pyftpdlib.handlers.ftps.data import TLS_DTPHandler
from pyftpdlib.ioloop import AsyncChat
from pyftpdlib.log import logger
from pyftpdlib.utils import is_ssl_sock

from communicate_vdisk.ftps.streams import NoRoom, Upload

CUT = "426 The transfer was cut off; nothing was stored."
KEPT = "226 Transfer complete."
FULL = "552 There is no room for this file; nothing was stored."
BROKEN = "451 This could not be done; nothing was stored."


class Data(TLS_DTPHandler):
    """A data connection of a session."""

    ended = False  # whether the sender said that this is all

    def recv(self, buffer_size: int) -> bytes:
        """Return what came; at the end, note whether it is one."""
        try:
            data: bytes = AsyncChat.recv(self, buffer_size)
        except SSL.WantReadError as error:
            self._ssl_want_read = True
            raise _RetryError from error
        except SSL.WantWriteError as error:
            self._ssl_want_write = True
            raise _RetryError from error
        except SSL.ZeroReturnError:
            self.ended = True
        except (SSL.Error, ConnectionError):
            self.ended = False
        else:
            return data
        self.handle_close()
        return b""

    def initiate_send(self) -> None:
        """Send what waits, once TLS is there: an empty list would close the connection before."""
        if not self._ssl_accepting:
            super().initiate_send()

    def send(self, data: bytes) -> int:
        """Send *data*; nothing, where an empty list is sent: OpenSSL takes that for an error."""
        return int(super().send(data)) if data else 0

    def handle_close(self) -> None:
        """Store what came where it is whole; answer."""
        if self._closed or not self.receive:
            DTPHandler.handle_close(self)
            return
        whole = self.ended or not is_ssl_sock(self.socket)  # clear text cannot tell
        self.transfer_finished = whole
        self._resp = (self._kept() if whole else CUT, logger.debug)
        self.close()

    def _kept(self) -> str:
        """Store what came; return the reply."""
        if not isinstance(self.file_obj, Upload):
            return BROKEN
        try:
            self.file_obj.keep()
        except FilesystemError as error:
            code = self.cmd_channel.fs.code or 451
            return f"{code} {error}; nothing was stored."
        return KEPT

    def handle_error(self) -> None:
        """Answer why a transfer ends; a session goes on after that."""
        error = sys.exc_info()[1]
        self._error = True  # no shutdown of TLS is waited for
        if isinstance(error, NoRoom) or isinstance(getattr(error, "__cause__", None), NoRoom):
            words = FULL
        elif isinstance(error, FilesystemError):
            words = f"451 {error}."
        else:
            self.cmd_channel.gateway.log.exception("a transfer over FTPS failed")
            words = BROKEN
        self._resp = (words, logger.debug)
        self.close()


class NoPort(OSError):
    """Every port of the range is taken."""


class Passive(PassiveDTP):
    """Waits for a data connection, on a port of the range and on no other."""

    _taken = False
    _lock = threading.Lock()

    def __init__(self, cmd_channel: Any, extmode: bool = False) -> None:
        # Two sessions could bind one port before either listens: one after the other.
        with self._lock:
            try:
                super().__init__(cmd_channel, extmode)
            except NoPort:
                self.close()
                raise

    def bind(self, address: tuple[Any, ...]) -> None:
        """Take *address*; raise NoPort in place of taking one out of the range."""
        if self._taken and address[1] == 0:
            raise NoPort
        try:
            super().bind(address)
        except OSError:
            self._taken = True
            raise
        self._taken = False
