"""A bare Pyramid view that answers with a file as it lies on disk, on the site's own server."""

import socket
import sys
import threading

from pyramid.config import Configurator
from pyramid.response import FileResponse

from communicate import settings
from communicate.serving.web import WebServer


def application(values: dict[str, object], path: str) -> object:
    """Return an application with one view, of the file at *path*."""
    with Configurator(settings=values) as config:
        config.add_route("file", "/")
        config.add_view(
            lambda request: FileResponse(path, request, content_type="application/octet-stream"),
            route_name="file",
        )
    return config.make_wsgi_app()


def main(port: int, path: str) -> None:
    """Serve the file at *path* on *port* until the process is ended."""
    ini = {"communicate.mode": "testing", "communicate.url": f"http://127.0.0.1:{port}"}
    values = settings.load({}, ini, environ={}, extra_nodes={}, enabled=[])
    bound = socket.create_server(("127.0.0.1", port))
    web = WebServer(application(values, path), bound, values)
    web.accept_connections()
    web.serve_until(threading.Event())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
