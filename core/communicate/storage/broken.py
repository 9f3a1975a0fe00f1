"""Stand-ins for things whose class may not be loaded.

ZODB's own stand-ins find classes by importing them, which would run the code of a plugin that is
switched off; and they forget how a thing was called into being.  These do neither.
"""

from typing import Any

from ZODB.broken import Broken, rebuild

REBUILD = ("ZODB.broken", "rebuild")
RECALL = ("communicate.storage.broken", "recall")


class Missing(Broken):
    """A thing whose class is not loaded: it keeps its state unread, and is written as it was."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Name the absent class and what it takes to make the thing whole again."""
        name = (type(self).__module__, type(self).__name__)
        called = self.__Broken_initargs__
        if called is not None:
            return (recall, (*name, *called), self.__Broken_state__)
        return (rebuild, (*name, *self.__Broken_newargs__), self.__Broken_state__)


def missing_class(module: str, name: str) -> type[Missing]:
    """Return a new stand-in for the class *name* of *module*."""
    return type(name, (Missing,), {"__module__": module})


def recall(module: str, name: str, *arguments: Any) -> Any:
    """Return the stand-in for what *name* of *module* returns when called with *arguments*.

    A `communicate.storage.sitedb.SiteDB` puts the real class in its place where it may be loaded.
    The path of this function is written into records: it moves only with an evolve step.
    """
    return missing_class(module, name)(*arguments)
