"""How many files, connections among them, this process may have open."""

import resource

OTHERS = 1_500  # files that the rest of the site may have open
FEWEST = 10

_reserved: dict[str, int] = {}  # by what they are for


def reserve(name: str, count: int) -> int:
    """Let the process have *count* files more open for *name*; return how many of them it may.

    That is what the machine allows (``LimitNOFILE``) beyond what was reserved for other things.
    Reserved again, the new count is the one.
    """
    _reserved[name] = count
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = OTHERS + sum(_reserved.values())
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(FEWEST, min(count, soft - (needed - count)))


def give_back(name: str) -> None:
    """Say that nothing is reserved for *name* any more."""
    _reserved.pop(name, None)
