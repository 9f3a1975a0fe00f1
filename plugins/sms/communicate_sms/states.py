"""How far a message has come: only ever further, in whichever order it is told."""

WAITING, SENDING, UNCERTAIN, SENT, BUFFERED, DELIVERED, FAILED = range(7)
NAMES = ("waiting", "sending", "uncertain", "sent", "buffered", "delivered", "failed")
ENDS = frozenset({DELIVERED, FAILED})


def further(now: int, told: int) -> int:
    """Return the state of a message that is *now*, once *told* is known of it, too.

    >>> further(DELIVERED, SENT) == DELIVERED
    True
    >>> further(DELIVERED, FAILED) == DELIVERED
    True
    """
    return now if now in ENDS else max(now, told)
