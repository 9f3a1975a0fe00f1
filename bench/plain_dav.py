"""WsgiDAV's filesystem provider on cheroot: plain_dav.py PORT FOLDER LOGIN PASSWORD."""

import sys

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp


def main() -> None:
    """Serve FOLDER."""
    port, folder, login, password = sys.argv[1:]
    application = WsgiDAVApp(
        {
            "provider_mapping": {"/": folder},
            "http_authenticator": {"accept_digest": False, "default_to_digest": False},
            "simple_dc": {"user_mapping": {"*": {login: {"password": password}}}},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    wsgi.Server(("127.0.0.1", int(port)), application, numthreads=16, max=16).start()


if __name__ == "__main__":
    main()
