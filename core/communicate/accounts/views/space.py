"""A member's space, as empty as it begins."""

from typing import Any

from pyramid.view import view_config

from communicate.accounts.content import Member
from communicate.permissions import OPEN


@view_config(context=Member, permission=OPEN, renderer="communicate:templates/account/space.pt")
def space(context: Any, request: Any) -> dict[str, Any]:
    """Show the login, and nothing that the member did not show."""
    own = request.member is not None and request.member.uid == context.uid
    return {"title": context.login, "login": context.login, "own": own}
