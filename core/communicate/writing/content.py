"""What the tree keeps of what is being written; path and names are an on-disk contract."""

from collections.abc import Iterator
from typing import Any, ClassVar

from BTrees.LLBTree import LLBTree
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from pyramid.authorization import Allow

from communicate.content import Ace, Content
from communicate.ids import decode, encode
from communicate.permissions import VIEW
from communicate.principals import member
from communicate.sealing.content import Sealed, SealedBlob


class Attachment(Content):
    """A file beside words: a picture made anew, or a file as it was sent; sealed, with its name.

    Who may read what holds it reads it, by the rights of this moment; in a draft, its owner.
    *media* is its type, *width* and *height* those of a picture, else 0.
    """

    chooses_audience: ClassVar[bool] = False  # what holds it does
    width = height = 0

    def __init__(self, owner: int, name: Sealed, media: str, file: SealedBlob) -> None:
        super().__init__(owner)
        self.__name__ = encode(self.id)
        self.name: Sealed | None = name
        self.media = media
        self.file: SealedBlob | None = file
        self.size = file.size

    @property
    def veiled(self) -> bool:  # type: ignore[override]
        """Whether what is closed here answers as what is not there: as its holder does."""
        return bool(getattr(self.__parent__, "veiled", False))

    @property
    def is_picture(self) -> bool:
        """Whether it is shown where it stands."""
        return self.width > 0

    def empty(self) -> None:
        """Hold neither the file nor its name any more."""
        self.name = self.file = self.owner = None
        self.size = 0

    def denials(self) -> list[Ace]:
        """Say of reading what its holder says, in that order; nothing, once it is empty."""
        return [] if self.in_draft or self.file is None else list(self._of_holder())

    def allowances(self) -> list[Ace]:
        """Let its owner read what was not sent yet: else, its holder says it all."""
        if not self.in_draft or self.file is None or self.owner is None:
            return []
        return [(Allow, member(self.owner), (VIEW,))]

    @property
    def in_draft(self) -> bool:
        """Whether it was not sent yet."""
        return isinstance(self.__parent__, Draft)

    def _of_holder(self) -> Iterator[Ace]:
        for action, principal, permissions in self.__parent__.acl_of(self):
            if isinstance(permissions, tuple) and VIEW in permissions:
                yield action, principal, (VIEW,)


class Holder:
    """Mixed into a class of `Content` whose things have attachments; ``thing[id]`` is one of them.

    A class with a ``__getitem__`` of its own calls `attachment` there.
    """

    attachments: LOBTree | None = None  # id -> Attachment
    # Whether the plugin writes them into archives, and restores them, with what holds them.
    exports_attachments: ClassVar[bool] = False

    def __getitem__(self, segment: str) -> Attachment:
        """Return the attachment with that id in addresses; raise KeyError."""
        return self.attachment(segment)

    def attachment(self, segment: str) -> Attachment:
        """Return the attachment with that id in addresses; raise KeyError."""
        try:
            found = (self.attachments or {}).get(decode(segment))
        except ValueError:
            found = None
        if not isinstance(found, Attachment) or found.file is None:
            raise KeyError(segment)
        return found

    def acl_of(self, attachment: Attachment) -> Any:
        """Return the ACL by which *attachment*, one of these, is read: that of the thing itself.

        A class whose things have words that not all of their readers see returns a narrower one.
        """
        return self.__acl__  # type: ignore[attr-defined]

    def attached(self) -> list[Attachment]:
        """Return the attachments that are there, the oldest first."""
        return [each for each in (self.attachments or {}).values() if each.file is not None]


class Draft(Holder, Persistent):
    """What a member typed into one form and has not sent: its words, and the form's address.

    *words* is JSON, a text for each field's name.  *saved* is in ms since 1970, UTC; *discarded*,
    too, once its member has thrown it away and may take that back for a moment, else 0.
    """

    __parent__ = None  # no address leads to a draft
    __name__ = ""
    discarded = 0

    def __init__(self, place: Sealed, words: Sealed, saved: int) -> None:
        self.place = place
        self.words = words
        self.saved = saved


class Desk(Persistent):
    """The drafts of one member, by 63 bits of an HMAC of the form's address under their key.

    *changed* is in ms since 1970, UTC: written with each change, so that two at once conflict.
    """

    changed = 0

    def __init__(self) -> None:
        self.drafts = LOBTree()  # HMAC -> Draft
        self.sent = LLBTree()  # 63 bits of the hash of a form's token -> ms at which it was sent


class Drafts(Persistent):
    """All drafts of the site."""

    def __init__(self) -> None:
        self.desks = LOBTree()  # uid -> Desk


class Attachments(Persistent):
    """Whose each attachment is, wherever it lies: counted, exported and erased by that."""

    def __init__(self) -> None:
        self.by_uid = LOBTree()  # uid -> LOBTree of id -> Attachment

    def put(self, attachment: Attachment) -> None:
        """Remember whose *attachment* is."""
        if attachment.owner not in self.by_uid:
            self.by_uid[attachment.owner] = LOBTree()
        self.by_uid[attachment.owner][attachment.id] = attachment

    def drop(self, attachment: Attachment) -> None:
        """Forget *attachment*, and empty it."""
        owned = self.by_uid.get(attachment.owner, {})
        if attachment.id in owned:
            del owned[attachment.id]
            if not owned:
                del self.by_uid[attachment.owner]
        attachment.empty()


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("drafts", Drafts())
    root.setdefault("attachments", Attachments())
