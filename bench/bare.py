"""A bare Pyramid view that returns a constant, on waitress: what pages are compared with."""

import sys

from pyramid.config import Configurator
from pyramid.response import Response
from waitress import serve

PAGE = "<!DOCTYPE html><title>bare</title>" + "<p>constant</p>" * 100


def main(port: int) -> None:
    """Serve on *port* with four threads."""
    with Configurator() as config:
        config.add_route("bare", "/")
        config.add_view(lambda _request: Response(PAGE), route_name="bare")
    serve(config.make_wsgi_app(), host="127.0.0.1", port=port, threads=4, ident=None, _quiet=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
