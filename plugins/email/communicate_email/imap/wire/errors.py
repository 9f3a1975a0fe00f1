"""What is wrong with what a client sent."""


class BadCommand(ValueError):
    """The command cannot be read; the sentence says what was expected (answered with BAD).

    *tag* is that of the command, ``*`` where it has none that can be read.
    """

    def __init__(self, why: str, tag: str = "*") -> None:
        super().__init__(why)
        self.tag = tag


class TooBig(BadCommand):
    """A literal is larger than what may be sent there (answered with ``TOOBIG``, RFC 7889)."""


class Hopeless(Exception):
    """Where the next command begins cannot be told any more: the connection is closed (BYE)."""
