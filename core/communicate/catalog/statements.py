"""The statements of questions: made once for each shape, and kept."""

from typing import Any

from sqlalchemy import Integer, Text, bindparam

from communicate.catalog import lists, queries
from communicate.catalog.engine import Engine
from communicate.catalog.prepared import Values, blanks

SHAPES = 500  # statements that are kept


class Statements:
    """The statements of one catalog, by the kind of question and the names of what it is given."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known: dict[tuple[str, ...], Any] = {}

    def of(self, kind: str, values: Values) -> Any:
        """Return the statement for a question of that *kind* with these *values*."""
        key = (kind, *values)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= SHAPES:
                self._known.clear()
            found = self._known[key] = self._made(kind, tuple(values))
        return found

    def _made(self, kind: str, names: tuple[str, ...]) -> Any:
        reader, terms = blanks(names)
        words = None
        if "match" in names:
            holds = self.engine.matches(bindparam("match", type_=Text()))
            words = queries.Matching(self.engine.word_key, holds)
        if kind == "listed":
            return lists.listed(terms, queries.visible(reader))
        if kind == "stop":
            return lists.stop(terms)
        if kind == "sparse":
            return lists.sparse(reader, terms)
        if kind == "page":
            return queries.page(terms, queries.visible(reader), words)
        if kind == "count":
            return queries.count(terms, queries.visible(reader), words)
        if kind == "titles":
            after: Any = (bindparam("after_sort"), bindparam("after_id"))
            given = after if "after_id" in names else None
            return queries.titles(terms, queries.visible(reader), given)
        own = bindparam("own", type_=Integer)
        return queries.narrow(reader, {**terms, "own": own})
