"""A bare Pyramid view that returns a constant, on the site's own settings.

It runs where a page of the site runs: the same server with the same threads, the same transaction
and retry around each request, the same number of bytes to send.  What it lacks is the page: no
member, no tree, no rights, no seals, no template.
"""

import socket
import sys
import threading

from pyramid.config import Configurator
from pyramid.response import Response

from communicate import settings
from communicate.serving.web import WebServer


def application(values: dict[str, object], size: int) -> object:
    """Return an application with one view, whose page has *size* bytes."""
    page = "<!DOCTYPE html><title>bare</title>".ljust(size, "-")
    with Configurator(settings=values) as config:
        config.include("communicate.storage")
        config.add_route("bare", "/")
        config.add_view(lambda _request: Response(page), route_name="bare")
    return config.make_wsgi_app()


def main(port: int, size: int) -> None:
    """Serve on *port* until the process is ended."""
    ini = {"communicate.mode": "testing", "communicate.url": f"http://127.0.0.1:{port}"}
    values = settings.load({}, ini, environ={}, extra_nodes={}, enabled=[])
    bound = socket.create_server(("127.0.0.1", port))
    web = WebServer(application(values, size), bound, values)
    web.accept_connections()
    web.serve_until(threading.Event())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
