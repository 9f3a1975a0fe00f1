"""What the plugin stores.  The names here are written into the database: do not change them."""

from typing import ClassVar

from pyramid.authorization import Allow

from communicate import audience
from communicate.audience import Audience
from communicate.content import Ace, Content, Folder
from communicate.principals import MEMBERS
from communicate.sealing import Sealed

from communicate_NAME.permissions import WRITE


class Lines(Folder):
    """All lines, by id; members read them and add to them."""

    default_audience: ClassVar[Audience] = audience.MEMBERS

    def allowances(self) -> list[Ace]:
        """Let members write, besides what a folder allows."""
        return [*super().allowances(), (Allow, MEMBERS, (WRITE,))]


class Line(Content):
    """One line, sealed under the key of who wrote it."""

    def __init__(self, owner: int, words: Sealed) -> None:
        super().__init__(owner)
        self.words = words
