"""Pages for what went wrong: each says what happened and what to do, and tells nothing else.

They show even where the path does not decode, the tree does not answer, or a template fails: the
layout is tried with the member's menu, then without, then a page of six lines.
"""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import BadCSRFToken
from pyramid.httpexceptions import HTTPException, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.response import Response
from pyramid_retry import IRetryableError, RetryableException, is_error_retryable

from communicate.web import headers
from communicate.web.advice import Advice
from communicate.web.menu import begins_at
from communicate.web.page import Page
from communicate.web.rescue import rescued, written

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)
TEMPLATE = "communicate:templates/error.pt"
CARRIED = ("Allow", "Retry-After", "WWW-Authenticate")


ADVICE = {
    400: Advice(
        _("This request cannot be read"),
        _("The address or what was sent with it is damaged. Go back, reload the page, try again."),
    ),
    403: Advice(
        _("You may not open this page"),
        _("It is for other people, or for an account of yours other than this one."),
    ),
    404: Advice(
        _("There is nothing here"),
        _("The address is mistyped, or what was here is deleted, or its service is switched off."),
    ),
    405: Advice(
        _("This cannot be done here"),
        _("This address does not take that kind of request. Open the page and use its form."),
    ),
    413: Advice(
        _("That is too much at once"),
        _("Send something smaller, or in several parts. Nothing was saved."),
    ),
    429: Advice(
        _("Too many tries"),
        _("Wait a little, then try again. What was sent this time was not saved."),
    ),
    500: Advice(
        _("The site has made a mistake"),
        _("Nothing was saved. Try again in a moment; if it happens again, tell an operator:"),
    ),
    503: Advice(
        _("Many are writing at this moment"),
        _("They were in the way, each time anew. Nothing was saved: try again in a few seconds."),
    ),
}
BUSY = "5"  # seconds
FORGED = Advice(
    _("This page had grown too old to send"),
    _("Nothing was saved yet, and nothing is lost: look at what you wrote and send it again."),
)
TOO_OLD = Advice(
    FORGED.title, _("Nothing was saved yet. Go back, reload the page, and send it again.")
)
STRANGER = Advice(
    _("Sign in to go on"),
    _("This page is for members who may see it. If you have an account, sign in first."),
)


def page(request: Any, status: int, *, advice: Advice | None = None, code: str = "") -> Response:
    """Return the page for *status*, as complete as can still be made."""
    typed, lost = None, []
    # What was refused unread stays unread.
    if status in (429, 503) or advice in (FORGED, STRANGER):
        typed = _try_in_turn(lambda: rescued(request), lambda: None)
    elif status in (403, 404):
        lost = _try_in_turn(lambda: written(request), list)
    if advice is FORGED and not typed:
        advice = TOO_OLD
    said = advice or ADVICE.get(status) or ADVICE[400 if status < 500 else 500]
    values = {"title": said.title, "text": said.text, "status": status, "code": code}
    body = _try_in_turn(
        lambda: _rendered(request, {**values, "typed": typed, "lost": lost}, bare=False),
        lambda: _rendered(request, {**values, "typed": None, "lost": []}, bare=True),
        lambda: _last_resort(request, said, code),
    )
    response = Response(body, status=status, content_type="text/html", charset="utf-8")
    return headers.secure(request, response)


def _try_in_turn(*makers: Callable[[], Any]) -> Any:
    for maker in makers[:-1]:
        try:
            return maker()
        except Exception:
            log.debug("an error page could not be made in full", exc_info=True)
    return makers[-1]()


def _rendered(request: Any, values: dict[str, Any], *, bare: bool) -> str:
    helper = Page(request, bare=bare)
    values |= {"stranger": not bare and helper.member is None, "page": helper}
    return str(render(TEMPLATE, values, request=request))


def _last_resort(request: Any, said: Advice, code: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{said.title}</title>'
        f'<h1>{said.title}</h1><p>{said.text} {code}</p><p><a href="/">/</a></p></html>'
    )


def refused(error: Any, request: Any) -> Any:
    """Show a page for an HTTP error; let redirects and other answers pass as they are."""
    status = error.status_int
    if status < 400:
        return headers.secure(request, error)
    if status == 404 and (entry := _try_in_turn(lambda: begins_at(request), str)):
        return headers.secure(request, HTTPSeeOther(entry))
    if status in (403, 404) and getattr(getattr(request, "context", None), "veiled", False):
        status = 403 if _is_stranger(request) else 404
    advice = getattr(error, "advice", None)
    if status == 403 and _is_stranger(request):
        advice = STRANGER
    response = page(request, status, advice=advice)
    for name in CARRIED:
        if name in error.headers:
            response.headers[name] = error.headers[name]
    return response


def _is_stranger(request: Any) -> bool:
    try:
        return request.member is None
    except Exception:
        return False


def forged(error: Any, request: Any) -> Any:
    """Show what was typed, to be looked at and sent again with a fresh token."""
    return page(request, 400, advice=FORGED)


def undecodable(error: Any, request: Any) -> Any:
    """Show the page for a request whose text is no text."""
    return page(request, 400)


def failed(error: Any, request: Any) -> Any:
    """Log *error* under a number that the page shows, and nothing of it to the reader.

    One that another try may cure is passed on to whoever tries again.  After the last one, the
    page asks for a little time, and gives back what was typed.
    """
    if is_error_retryable(request, error):
        raise error
    if isinstance(error, RetryableException) or IRetryableError.providedBy(error):
        log.warning("others were in the way of each try: %s", type(error).__name__)
        response = page(request, 503)
        response.headers["Retry-After"] = BUSY
        return response
    code = secrets.token_hex(4)
    log.error("error %s: %s", code, type(error).__name__, exc_info=error)
    return page(request, 500, code=code)


def includeme(config: Configurator) -> None:
    """Install the views for exceptions."""
    views: list[tuple[type[BaseException], Any]] = [
        (Exception, failed),
        (HTTPException, refused),
        (UnicodeDecodeError, undecodable),
        (BadCSRFToken, forged),
    ]
    for context, view in views:
        config.add_exception_view(view, context=context)
