"""A bare Pyramid view that returns a constant, on the site's own settings.

It runs on the same server with the same threads, and has nothing else: no transaction, no member,
no tree, no rights, no seals, no template.
"""

import socket
import sys
import threading

from pyramid.config import Configurator
from pyramid.response import Response

from communicate import settings
from communicate.serving.web import WebServer


def application(values: dict[str, object]) -> object:
    """Return an application with one view."""
    with Configurator(settings=values) as config:
        config.add_route("bare", "/")
        config.add_view(lambda _request: Response("bare"), route_name="bare")
    return config.make_wsgi_app()


def main(port: int) -> None:
    """Serve on *port* until the process is ended."""
    ini = {"communicate.mode": "testing", "communicate.url": f"http://127.0.0.1:{port}"}
    values = settings.load({}, ini, environ={}, extra_nodes={}, enabled=[])
    bound = socket.create_server(("127.0.0.1", port))
    web = WebServer(application(values), bound, values)
    web.accept_connections()
    web.serve_until(threading.Event())


if __name__ == "__main__":
    main(int(sys.argv[1]))
