"""A mail relay for tests, run as a process: prints its port, then each mail as a line of JSON.

Usage: smtp_server.py plain|starttls|tls [CERTIFICATE KEY].  Asks for no password unless one is
given in RELAY_PASSWORD.  ``later@…`` is put off (451), ``never@…`` refused (550), and a text with
``virus`` refused after it was sent (554).
"""

import json
import os
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from communicate.testing.server import free_port


class Handler:
    """Answer by the name of the recipient, and print what is accepted."""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("later@"):
            return "451 4.3.0 not now, " + address
        if address.startswith("never@"):
            return "550 5.1.1 no such person as " + address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"virus" in envelope.content:
            return "554 5.7.1 refused"
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8"),
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "user": getattr(session, "auth_data", None) and session.auth_data.login.decode(),
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def authenticator(_server, _session, _envelope, _mechanism, data):
    """Accept the one password that the test gave."""
    right = data.password == os.environ["RELAY_PASSWORD"].encode()
    return AuthResult(success=right, handled=False, auth_data=data)


def main():
    """Serve until killed."""
    mode, *pair = sys.argv[1:]
    context = None
    if pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
    options = {"enable_SMTPUTF8": mode != "plain"}
    if "RELAY_PASSWORD" in os.environ:
        options |= {
            "authenticator": authenticator,
            "auth_required": True,
            "auth_require_tls": mode == "starttls",
        }
    if mode == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        Handler(),
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if mode == "tls" else None,
        **options,
    )
    controller.port = free_port()
    controller.start()
    print(controller.port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
