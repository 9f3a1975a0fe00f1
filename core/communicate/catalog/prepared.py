"""Questions as a statement and its values: one statement serves all questions of its shape.

Putting a statement together takes as long as what it finds.  So each is made once for the names
of the values that a question has, and kept; the values are filled in.
"""

from typing import Any

from sqlalchemy import Integer, bindparam

from communicate.catalog.entries import Cursor, Terms
from communicate.catalog.queries import Reader
from communicate.ids import RANDOM_BITS

Values = dict[str, Any]
NO_KINDS, NO_WRITERS = "no_kinds", "no_writers"


def values_of(reader: Reader, terms: Terms, **more: Any) -> Values:
    """Return the values of a question by name; *more* are those that are not None."""
    since, until = terms.get("since"), terms.get("until")
    found: Values = {f"principal{n}": name for n, name in enumerate(reader.principals)}
    found |= _listed("kind", terms.get("kinds"), NO_KINDS)
    found |= _listed("writer", terms.get("authors"), NO_WRITERS)
    found |= {f"label{n}": one for n, one in enumerate(sorted(terms.get("labels") or ()))}
    others = {
        "uid": reader.uid,
        "author": terms.get("author"),
        "container": terms.get("container"),
        "since": None if since is None else since << RANDOM_BITS,
        "until": None if until is None else (until + 1 << RANDOM_BITS) - 1,
        "earliest": terms.get("earliest"),
        "latest": terms.get("latest"),
        **_places(terms),
        **more,
    }
    found |= {name: value for name, value in others.items() if value is not None}
    return {**found, "limit": terms.get("limit", 20)}


def _listed(name: str, several: Any, none: str) -> Values:
    """Return a value for each of *several* things, or one that says that there are none."""
    if several is None:
        return {}
    return {f"{name}{n}": one for n, one in enumerate(sorted(several))} or {none: 1}


def place_of(side: str, place: Cursor) -> Values:
    """Return the values of the cursor *place* of a question, which is called *side* there."""
    return {f"{side}_time": place[0], f"{side}_id": place[1]}


def _places(terms: Any) -> Values:
    found: Values = {}
    for side in ("before", "ending"):
        if terms.get(side) is not None:
            found |= place_of(side, terms[side])
    return found


def blanks(names: tuple[str, ...]) -> tuple[Reader, Any]:
    """Return reader and terms with a parameter wherever a question of that shape has a value."""
    made: Values = {name: bindparam(name) for name in names if name != "limit"}
    principals = tuple(value for name, value in made.items() if name.startswith("principal"))
    terms: Values = {"limit": bindparam("limit", type_=Integer)}
    for plural, name, none in (
        ("kinds", "kind", NO_KINDS),
        ("authors", "writer", NO_WRITERS),
    ):
        several = [value for key, value in made.items() if key.startswith(name)]
        if several or none in made:
            terms[plural] = several
    if "label0" in made:
        terms["labels"] = [value for key, value in made.items() if key.startswith("label")]
    single = ("author", "container", "since", "until", "earliest", "latest")
    terms |= {name: made[name] for name in single if name in made}
    for side in ("before", "ending", "stop"):
        if f"{side}_id" in made:
            terms[side] = (made[f"{side}_time"], made[f"{side}_id"])
    return Reader(principals, made.get("uid")), terms
