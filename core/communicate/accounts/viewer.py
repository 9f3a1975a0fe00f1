"""Who sent a request: what ``request.member`` and ``request.session_secret`` find out, once."""

from typing import Any

from communicate.accounts import cookies
from communicate.accounts.content import SUSPENDED, Member
from communicate.accounts.remember import digest
from communicate.accounts.reopening import SECRET
from communicate.interfaces import IMembers, ISessions

UNATTENDED = "X-Unattended"  # the header of what no reader asked for: `live.js` sends it


def session_secret(request: Any) -> str | None:
    """Return the id of the running session, which only its cookie holds; None for a stranger."""
    secret: str | None = request.environ.get(SECRET) or request.cookies.get(cookies.SESSION)
    if not secret or request.find_service(ISessions).find(secret) is None:
        return None
    return secret


def suspended(request: Any) -> Member | None:
    """Return the suspended member who has signed in, who is a stranger on all pages but one."""
    session = request.find_service(ISessions).find(request.session_secret)
    if session is None:
        return None
    found = request.find_service(IMembers).by_uid(session.uid)
    return found if found is not None and found.state == SUSPENDED else None


def member(request: Any) -> Member | None:
    """Return the signed-in member, or None for a stranger.

    What a page asks by itself is no use of the session: an open page keeps nobody signed in.
    """
    secret = request.session_secret
    if secret is None:
        return None
    sessions = request.find_service(ISessions)
    unattended = request.headers.get(UNATTENDED) is not None
    found: Member | None = sessions.holder(digest(secret)) if unattended else sessions.use(secret)
    return found
