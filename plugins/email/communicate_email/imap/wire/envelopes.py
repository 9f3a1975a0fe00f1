"""Envelopes as IMAP writes them (RFC 9051, section 7.5.2): made once, when a message comes in."""

import re
from collections.abc import Sequence
from typing import Any

from communicate_email.imap.wire import writing
from communicate_email.mime import Envelope

_TOKEN = re.compile(rb'[()]|NIL|"((?:[^"\\]|\\.)*)"|~?\{([0-9]+)\}\r\n', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def written(envelope: Sequence[Any]) -> bytes:
    """Return *envelope* as octets."""
    return writing.listed(
        [
            _people(field) if isinstance(field, tuple) else writing.nstring(field)
            for field in envelope
        ]
    )


def _people(people: Sequence[Sequence[bytes | None]]) -> bytes:
    if not people:
        return writing.NIL
    return b"(" + b"".join([writing.listed(map(writing.nstring, one)) for one in people]) + b")"


def parsed(octets: bytes) -> Envelope:
    """Return the envelope that `written` wrote."""
    lists: list[list[Any]] = [[]]
    at = 0
    while found := _TOKEN.match(octets, at):
        at = found.end()
        token = found.group()
        if token == b"(":
            lists.append([])
        elif token == b")":
            inner = lists.pop()
            lists[-1].append(tuple(inner))
        elif found[2] is not None:
            lists[-1].append(octets[at : at + int(found[2])])
            at += int(found[2])
        else:
            lists[-1].append(None if found[1] is None else _ESCAPED.sub(rb"\1", found[1]))
        at += octets[at : at + 1] == b" "
    fields: tuple[Any, ...] = lists[0][0]
    return Envelope._make(
        () if one is None and at in PEOPLE else one for at, one in enumerate(fields)
    )


PEOPLE = frozenset(range(2, 8))  # the places of its fields that hold addresses
