"""Where a page of a list begins, as addresses name it: an id, or the cursor of a catalog's hit."""

from pyramid.httpexceptions import HTTPBadRequest

from communicate.catalog.entries import Cursor
from communicate.ids import LENGTH, decode, encode


def id_in(text: str | None) -> int | None:
    """Return the id that *text* stands for, None for nothing; raise HTTPBadRequest for another."""
    try:
        return decode(text) if text else None
    except ValueError:
        raise HTTPBadRequest from None


def cursor_in(text: str | None) -> Cursor | None:
    """Return the cursor that *text* names, None for nothing; raise HTTPBadRequest for another."""
    if not text:
        return None
    try:
        return decode(text[:LENGTH]), decode(text[LENGTH:])
    except ValueError:
        raise HTTPBadRequest from None


def cursor_name(cursor: Cursor) -> str:
    """Return how an address names *cursor*."""
    return encode(cursor[0]) + encode(cursor[1])
