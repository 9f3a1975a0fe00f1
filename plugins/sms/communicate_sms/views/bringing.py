"""What operators of telephones call: receipts for what left, and messages that came in."""

from functools import partial
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.interfaces import ISeals
from communicate_sms import calls, tokens
from communicate_sms.content import Exchange
from communicate_sms.incoming import take_in
from communicate_sms.permissions import BRING
from communicate_sms.queue import Queue
from communicate_sms.transports.passing import Forged, Transport, Unreadable
from communicate_sms.ways import Way

FORGED = "This is not signed as the way has it."


@view_config(context=Exchange, name="receipts", permission=BRING, require_csrf=False)
def receipts(_context: Exchange, request: Request) -> Response:
    """Write down what an operator says of a message, whose token is in the address."""
    return calls.answered(request, partial(_take_receipt, request))


@view_config(context=Exchange, name="incoming", permission=BRING, require_csrf=False)
def incoming(_context: Exchange, request: Request) -> Response:
    """Take in a message that an operator brings."""
    return calls.answered(request, partial(_take_message, request))


def _take_message(
    request: Any, way: Way, transport: Transport, rest: tuple[str, ...]
) -> tuple[str, str]:
    if len(rest) > 1:
        raise calls.Strange(404, "Call /texting/incoming/<way>, or with its secret at the end.")
    said = rest[0] if rest else None
    if not calls.proven(way, transport, said):
        raise calls.Strange(403, "The address is to end with the secret of the way.")
    try:
        take_in(request, way.name, transport.parse_incoming(calls.read(request)))
    except Forged:
        raise calls.Strange(403, FORGED) from None
    except Unreadable as error:
        raise calls.unreadable(error) from None
    return transport.answer


def _take_receipt(
    request: Any, way: Way, transport: Transport, rest: tuple[str, ...]
) -> tuple[str, str]:
    token = rest[0] if len(rest) == 1 else ""
    if len(token) != tokens.LONGEST or not tokens.is_ours(
        request.find_service(ISeals), way.name, token
    ):
        raise calls.Strange(404, "No message left with that token.")
    try:
        receipt = transport.parse_receipt(calls.read(request))
    except Forged:
        raise calls.Strange(403, FORGED) from None
    except Unreadable as error:
        raise calls.unreadable(error) from None
    queue = Queue(request)
    message = queue.by_token(token)
    # Of a message that is forgotten nothing is kept, and nothing is to be brought again.
    if message is not None and queue.is_about(message, receipt):
        queue.receive(message, receipt)
    return transport.answer
