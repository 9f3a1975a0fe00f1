"""WsgiDAV's request server, where this gateway answers otherwise."""

from typing import Any

from wsgidav import dav_error, util
from wsgidav.request_server import RequestServer

from communicate_vdisk.dav.folders import FolderResource
from communicate_vdisk.dav.listing import LISTED, Listed, asked


class Answering(RequestServer):
    """Lists one folder at a time, and takes a destination as it was sent.

    WsgiDAV reads a destination after it has unquoted it, so that a name with ``?`` or ``;`` loses
    what follows.
    """

    def __init__(self, provider: Any) -> None:
        super().__init__(provider)
        self.provider = provider
        self.allow_propfind_infinite = False

    def do_PROPFIND(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer PROPFIND; of a large folder as it is read."""
        found = self.provider.get_resource_inst(environ["PATH_INFO"], environ)
        large = isinstance(found, FolderResource) and len(found.node) > LISTED
        if environ.get("HTTP_DEPTH") != "1" or not large:
            return super().do_PROPFIND(environ, start_response)
        self._evaluate_if_headers(found, environ)
        answer = Listed(found, asked(environ))
        start_response(
            "207 Multi-Status",
            [
                ("Content-Type", "application/xml; charset=utf-8"),
                ("Date", util.get_rfc1123_time()),
            ],
        )
        return answer

    def _copy_or_move(self, environ: dict[str, Any], start_response: Any, is_move: bool) -> Any:
        """Answer COPY and MOVE (RFC 4918, 9.8 and 9.9)."""
        path = environ["PATH_INFO"]
        source = self.provider.get_resource_inst(path, environ)
        if source is None:
            self._fail(dav_error.HTTP_NOT_FOUND)
        deep = self._depth(source, environ, is_move)
        target = self.provider.exchange.destination().rstrip("/")
        above = self.provider.get_resource_inst(util.get_uri_parent(target), environ)
        if above is None or not above.is_collection:
            self._fail(dav_error.HTTP_CONFLICT)
        there = self.provider.get_resource_inst(target, environ)
        self._ask(source, there, above, environ, is_move)
        if f"{target}/".startswith(f"{path.rstrip('/')}/"):
            self._fail(dav_error.HTTP_FORBIDDEN)
        if there is not None and environ.get("HTTP_OVERWRITE", "T") != "T":
            self._fail(dav_error.HTTP_PRECONDITION_FAILED)
        if is_move:
            source.handle_move(target)
        else:
            source.handle_copy(target, depth_infinity=deep)
        code = dav_error.HTTP_CREATED if there is None else dav_error.HTTP_NO_CONTENT
        return util.send_status_response(environ, start_response, code)

    def _depth(self, source: Any, environ: dict[str, Any], is_move: bool) -> bool:
        """Tell whether what *source* holds goes along; raise 400 for headers that are none."""
        depth = environ.get("HTTP_DEPTH", "infinity")
        shallow = depth == "0" and not (is_move and source.is_collection)
        known = environ.get("HTTP_OVERWRITE", "T") in ("T", "F")
        if not known or not (shallow or depth == "infinity"):
            self._fail(dav_error.HTTP_BAD_REQUEST)
        return bool(depth == "infinity")

    def _ask(
        self, source: Any, there: Any, above: Any, environ: dict[str, Any], is_move: bool
    ) -> None:
        """Raise 412 where a condition fails, 423 where a lock stands against it."""
        self._evaluate_if_headers(source, environ)
        self._evaluate_if_headers(there, environ)
        if is_move:
            self._check_write_permission(source, "infinity", environ)
            parent = util.get_uri_parent(source.path)
            self._check_write_permission(
                self.provider.get_resource_inst(parent, environ), "0", environ
            )
        if there is None:
            self._check_write_permission(above, "0", environ)
        self._check_write_permission(there, "infinity", environ)
