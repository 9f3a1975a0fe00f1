"""The WSGI application of the gateway: one request, its tries, its answer."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import register_namespace

from wsgidav import dav_error
from wsgidav.dav_error import DAVError, get_http_status_string

from communicate.storage.retry import TRIES, is_retryable, pause
from communicate.storage.work import made_request
from communicate_vdisk.dav.answers import Answer, Refusal, plain
from communicate_vdisk.dav.copying import finish
from communicate_vdisk.dav.counting import count_change
from communicate_vdisk.dav.exchange import Again, Exchange
from communicate_vdisk.dav.provider import Provider
from communicate_vdisk.dav.server import Answering
from communicate_vdisk.dav.signing import sign_in
from communicate_vdisk.dav.turns import READING, Turns

log = logging.getLogger(__name__)

# Programs look for the prefix that every example has.
register_namespace("D", "DAV:")
# WsgiDAV's own log says what files are called.
logging.getLogger("wsgidav").setLevel(logging.CRITICAL + 1)
SERVER = ("Server", "2 Communicate")


class Application:
    """Answers WebDAV for the site of *registry*."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry
        self.turns = Turns()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        exchange = None
        try:
            exchange = Exchange(environ, self.registry.settings["communicate.url"])
            answer = self.answer(exchange)
        except Refusal as refusal:
            answer = refusal.answer
        except Exception:
            log.exception("a request over WebDAV failed")
            answer = plain("500 Internal Server Error", "Something went wrong. Try again.")
        finally:
            if exchange is not None:
                exchange.close()
        headers = [*answer.headers, SERVER]
        # What was not read of a body would be read, whole, before the next request.
        if exchange is None or not exchange.drain():
            headers.append(("Connection", "close"))
        start_response(answer.status, headers)
        return answer.body

    def answer(self, exchange: Exchange) -> Answer:
        """Return the answer to *exchange*, once what it asks for is done."""
        answer = self.committed(exchange)
        if exchange.copying is None or answer.code >= 400:
            return answer
        return finish(self.registry, exchange.copying, answer)

    def committed(self, exchange: Exchange) -> Answer:
        """Return the answer to *exchange*, once its transaction has committed."""
        tried = 0
        while True:
            with self.turns.of(exchange, tried), made_request(self.registry) as request:
                try:
                    return self.attempt(request, exchange)
                except Again:
                    continue
                except Exception as error:
                    tried += 1
                    if tried >= TRIES or not is_retryable(request.tm, cause(error)):
                        raise
            pause(tried)

    def attempt(self, request: Any, exchange: Exchange) -> Answer:
        """Return the answer of one try; nothing is kept of one that refuses."""
        request.tm.begin()
        provider = Provider(request, sign_in(request, exchange.environ), exchange)
        exchange.known = True
        waited = not exchange.is_here
        exchange.take_small()
        if waited and exchange.is_here and exchange.method not in READING:
            raise Again  # nobody else waits for a body: a turn is asked for once it is here
        count_change(request, exchange)
        answer = dispatch(provider)
        if answer.code >= 400 or request.tm.isDoomed():
            request.tm.abort()
            return answer
        try:
            request.tm.commit()
        except BaseException:
            close(answer.body)
            raise
        return answer


def dispatch(provider: Provider) -> Answer:
    """Return what WsgiDAV answers, up to the first bytes of the body."""
    answer = Answer("500 Internal Server Error")

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        answer.status, answer.headers = status, list(headers)

    environ = provider.environ()
    running = Answering(provider)(environ, start)
    try:
        first = next(running, b"")
    except DAVError as error:
        return failed(error, environ["REQUEST_METHOD"] == "HEAD")
    if answer.code in (201, 204) and environ["REQUEST_METHOD"] != "LOCK":
        running.close()  # WsgiDAV has a page about itself to say
        return Answer(answer.status, bare(answer))
    answer.body = Rest(first, running)
    return answer


def bare(answer: Answer) -> list[tuple[str, str]]:
    """Return the headers of an answer without a body."""
    kept = [one for one in answer.headers if one[0] not in ("Content-Type", "Content-Length")]
    return kept if answer.code == 204 else [*kept, ("Content-Length", "0")]


def failed(error: DAVError, is_head: bool) -> Answer:
    """Return the answer that says *error*; raise what is no refusal but went wrong."""
    if error.value == dav_error.HTTP_INTERNAL_ERROR:
        raise cause(error) from error
    status = get_http_status_string(error)
    if error.value in (dav_error.HTTP_NOT_MODIFIED, dav_error.HTTP_NO_CONTENT):
        return Answer(status, [("Content-Length", "0")])
    if error.err_condition is None:
        made = plain(status, error.context_info or status[4:])
    else:
        kind, page = error.get_response_page()
        made = Answer(status, [("Content-Type", kind), ("Content-Length", str(len(page)))], [page])
    return Answer(status, made.headers, [] if is_head else made.body)


def cause(error: Exception) -> Exception:
    """Return what WsgiDAV has wrapped into *error*, or itself."""
    found = getattr(error, "src_exception", None)
    return found if isinstance(found, Exception) else error


class Rest:
    """The pieces of a body, the first of which is here; nothing of the tree is asked any more."""

    def __init__(self, first: bytes, running: Iterator[bytes]) -> None:
        self._first, self._running = first, running

    def __iter__(self) -> Iterator[bytes]:
        if self._first:
            yield self._first
        yield from self._running

    def close(self) -> None:
        """Let the file go."""
        close(self._running)


def close(body: Any) -> None:
    """Close *body* if it can be."""
    closing = getattr(body, "close", None)
    if closing is not None:
        closing()
