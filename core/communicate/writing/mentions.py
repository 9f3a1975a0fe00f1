"""Mentions: ``@login`` in what somebody writes is a link to that member."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import escape

from communicate.interfaces import IMembers

MENTION = re.compile(
    r"(?<![\w@./+&#-])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,28}[A-Za-z0-9])?)(?![\w@])", re.ASCII
)
PIECE = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
LINKED = re.compile(r'<a class="mention" href="/members/([^"]+)">')
OPENING = re.compile(r"<(a|code|pre)\b")
CLOSING = re.compile(r"</(a|code|pre)>")
MOST = 20  # people whom one text mentions


def link(html: str, known: Callable[[str], bool]) -> str:
    """Return the clean *html* with a link for each login that is *known*, but not within code.

    Only mentions have a class in what members write: the cleaner lets none of theirs through.
    """
    if "@" not in html:
        return html
    found: dict[str, bool] = {}

    def linked(match: re.Match[str]) -> str:
        login = match[1].lower()
        if login not in found and len(found) < MOST:
            found[login] = known(login)
        if not found.get(login):
            return match[0]
        return f'<a class="mention" href="/members/{escape(login)}">{match[0]}</a>'

    depth, pieces = 0, []
    for piece in PIECE.split(html):
        if piece.startswith("<"):
            depth += bool(OPENING.match(piece)) - bool(CLOSING.match(piece))
        elif not depth:
            piece = MENTION.sub(linked, piece)
        pieces.append(piece)
    return "".join(pieces)


def named(html: str | None) -> set[str]:
    """Return the logins of the members whom the *html* mentions."""
    return set(LINKED.findall(html or ""))


def members_of(request: Any, logins: Iterable[str]) -> list[int]:
    """Return the numbers of the members with these *logins*."""
    members = request.find_service(IMembers)
    found = (members.by_login(login) for login in sorted(logins))
    return [member.uid for member in found if member is not None]
