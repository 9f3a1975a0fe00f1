"""Who has an account is nobody's business where the site is for members only."""

from typing import Any

from pyramid.events import ContextFound, subscriber
from pyramid.httpexceptions import HTTPForbidden

from communicate.accounts.content import Member, Members
from communicate.principals import PUBLIC


@subscriber(ContextFound)
def tell_nothing(event: Any) -> None:
    """Answer a stranger alike whether the login in the address is anybody's or not."""
    request = event.request
    if isinstance(request.context, Members | Member) and PUBLIC not in request.viewer:
        raise HTTPForbidden
