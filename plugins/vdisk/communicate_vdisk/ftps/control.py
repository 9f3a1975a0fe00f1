"""The control connection: one session."""

import logging
from typing import Any

from OpenSSL import SSL
from pyftpdlib.authorizers import AuthenticationFailed
from pyftpdlib.handlers.ftps.control import TLS_FTPHandler

from communicate_vdisk.ftps.data import Data, NoPort, Passive
from communicate_vdisk.ftps.filesystem import DiskFS
from communicate_vdisk.ftps.signing import Account, NotIn, sign_in

# Connections to where a client says are none of ours; names are chosen, rights are on the page.
LEFT_OUT = ("PORT", "EPRT", "STOU", "SITE CHMOD", "SITE HELP", "SITE", "ALLO")
UNKNOWN = 60  # seconds that who has not signed in may be silent
KNOWN = 600  # and who has


class Session(TLS_FTPHandler):
    """A session; its class is made anew for each gateway, with what the settings say."""

    gateway: Any
    account: Account
    abstracted_fs = DiskFS
    dtp_handler = Data
    passive_dtp = Passive
    banner = "2 Communicate: TLS, your login, and an app password for your disk."
    unicode_errors = "strict"
    use_sendfile = False
    tls_control_required = tls_data_required = True
    permit_foreign_addresses = False
    timeout = UNKNOWN
    proto_cmds = {
        name: what for name, what in TLS_FTPHandler.proto_cmds.items() if name not in LEFT_OUT
    }

    @classmethod
    def get_ssl_context(cls) -> SSL.Context:
        """Return the context as the certificate is now."""
        context: SSL.Context = cls.gateway.context()
        return context

    # What is said

    def respond(self, resp: str, logfun: Any = None) -> None:
        """Reply; where the file system knows better why something is not done, with its code."""
        code = getattr(self.fs, "code", 0)
        if code and resp[:3] in ("550", "554"):
            resp = f"{code}{resp[3:]}"
        super().respond(resp, logfun=logging.getLogger("pyftpdlib").debug)
        if code == 421:
            self.close_when_done()

    def log(self, *_words: Any, **_more: Any) -> None:
        """Keep silent: names of members and of files are in no log."""

    logline = log_cmd = log_transfer = log

    def log_exception(self, instance: Any) -> None:
        """Say that a session failed, not whose."""
        self.gateway.log.exception("a session over FTPS failed")

    # Who

    def handle_auth_success(self, home: str, password: str, msg_login: str) -> None:
        """Let the member in."""
        self.timeout = KNOWN
        super().handle_auth_success(home, "", msg_login)

    def process_command(self, cmd: str, *args: Any, **kwargs: Any) -> None:
        """Do one command: in the present state of the site, by who is still a member."""
        if self.authenticated and self.fs is not None:
            self.fs.forget()
            try:
                self.account.check(self.gateway.registry)
            except NotIn as error:
                self.respond(f"421 {error}")
                self.close_when_done()
                return
        super().process_command(cmd, *args, **kwargs)

    # What pyftpdlib does otherwise

    def ftp_MLSD(self, path: str) -> Any:
        """List a folder; 550 where it is not there: clients make it then, and 501 stops them."""
        if not self.fs.isdir(path):
            self.respond("550 There is no such folder.")
            return None
        return super().ftp_MLSD(path)

    def _make_epasv(self, extmode: bool = False) -> None:
        """Wait for a data connection, or say that no port is free."""
        try:
            super()._make_epasv(extmode)
        except NoPort:
            self._dtp_acceptor = None
            self.respond("425 Every port for data is taken. Try again in a moment.")


class Door:
    """What pyftpdlib asks for an authorizer: who comes in; rights are asked where things lie."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry

    def validate_authentication(self, username: str, password: str, handler: Session) -> None:
        """Raise AuthenticationFailed, or let *handler* know the account."""
        try:
            handler.account = sign_in(
                self.registry,
                username,
                password,
                handler.remote_ip,
                secure=isinstance(handler.socket, SSL.Connection),
            )
        except NotIn as error:
            raise AuthenticationFailed(str(error)) from None

    def get_home_dir(self, username: str) -> str:
        """Return the first of all folders."""
        return "/"

    def get_msg_login(self, username: str) -> str:
        """Return what is said to who comes in."""
        return "Welcome."

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        """Tell that anything may be asked for."""
        return True

    def get_perms(self, username: str) -> str:
        """Return what lists say of what may be done."""
        return "elradfmwMT"

    def impersonate_user(self, username: str, password: str) -> None:
        """Do nothing: no account of the machine is meant."""

    def terminate_impersonation(self, username: str) -> None:
        """Do nothing, likewise."""
