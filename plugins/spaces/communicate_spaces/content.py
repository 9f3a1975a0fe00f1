"""Comments as they lie in the tree; path and names are an on-disk contract.

The comments on all that a member owns lie below the member, at ``/members/<login>/comments``: one
thread for each thing, under the thing's id.  So they go where the account goes.  What somebody
writes is sealed under its author's key.  Ids are ordered by time, counts are `Length` counters:
those who comment at the same moment do not wait for each other.
"""

from typing import Any, ClassVar

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree
from persistent.wref import WeakRef

from communicate import audience as audiences
from communicate.audience import Audience, narrower
from communicate.content import Ace, Content, Folder
from communicate.ids import RANDOM_BITS, decode, encode
from communicate.sealing.content import Sealed
from communicate.writing.content import Attachment, Holder
from communicate_spaces import rights
from communicate_spaces.permissions import COMMENT

NAME = "comments"


class Gone(LookupError):
    """What a thread is about is not there, or belongs to a plugin that is off."""


def id_in(segment: str) -> int:
    """Return the id that the path element *segment* is; raise KeyError where it is none."""
    try:
        return decode(segment)
    except ValueError:
        raise KeyError(segment) from None


class Comments(Folder):
    """Every comment of the site by its id, at ``/comments``: whatever names one finds it here.

    ``going`` holds threads whose thing is gone, until a job has destroyed their comments.
    """

    default_audience: ClassVar[Audience] = audiences.PRIVATE
    chooses_audience: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.all = LOBTree()  # id -> Comment
        self.going = LOBTree()  # id of a thread -> Thread

    def allowances(self) -> list[Ace]:
        """Let everyone ask, and members send: what comments are about says who may."""
        return rights.of_all()


class Wall(Folder):
    """The comments of one member's space: who reads those on the space, and who may comment.

    What is granted here counts for all that the member owns, where a thing has no rules of its
    own.  ``waiting`` holds the comments, on anything of the member's, that wait for approval.
    """

    default_audience: ClassVar[Audience] = audiences.PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    approval = False  # whether others' comments wait until the owner has read them

    def __init__(self, owner: int | None = None) -> None:
        super().__init__(owner, audiences.PRIVATE)
        self.grants = {COMMENT: audiences.PRIVATE}
        self.waiting = LOBTree()  # id -> Comment
        self.pending = Length()

    def subject(self, request: Any) -> str:
        """Return what the page of the audience calls this."""
        return str(request.localizer.translate(rights.SPACE))

    def thread(self, number: int) -> "Thread | None":
        """Return the comments on the thing with the id *number*, or None before the first."""
        found: Thread | None = self.get(encode(number))
        return found

    def hang(self, thread: "Thread") -> None:
        """Keep *thread*, which was made for a thing that had no comments."""
        self[str(thread.__name__)] = thread


class Thread(Content):
    """The comments on one thing; who may read the thing reads them.

    It refers to the thing weakly: what is deleted is not kept by what was said about it.
    """

    inherited_grants: ClassVar[tuple[str, ...]] = (COMMENT,)
    chooses_audience: ClassVar[bool] = False  # the thing does
    veiled: ClassVar[bool] = True
    approval: bool | None = None  # None: as the space says

    def __init__(self, wall: Wall, thing: Any) -> None:
        super().__init__(wall.owner)
        self.__parent__ = wall
        self.__name__ = encode(thing.id)
        self.subject_id = thing.id
        self.reference = WeakRef(thing)
        self.comments = LOBTree()  # id -> Comment, those that answer none
        self.waiting = LOBTree()  # id -> Comment, replies among them
        self.count = Length()  # comments that show their words, replies among them

    @property
    def thing(self) -> Any:
        """What is commented; raise Gone where it is not there any more."""
        found = self.reference()
        if found is None or getattr(found, "id", None) != self.subject_id:
            raise Gone(self.__name__)
        if found.__parent__ is None or self.__parent__ is None:
            raise Gone(self.__name__)
        return found

    def __getitem__(self, segment: str) -> "Comment":
        number = id_in(segment)
        found: Comment | None = self.comments.get(number) or self.waiting.get(number)
        if found is None:
            raise KeyError(segment)
        return found

    @property
    def own_rules(self) -> bool:
        """Whether the owner chose something else for this thing than for the space."""
        return COMMENT in self.grants

    @property
    def needs_approval(self) -> bool:
        """Whether comments wait until the owner has read them."""
        wall: Wall = self.__parent__
        return wall.approval if self.approval is None else self.approval

    def effective_audience(self) -> Audience:
        """Return that of the thing."""
        found: Audience = self.thing.effective_audience()
        return found

    def granted(self, permission: str) -> Audience | None:
        """Return who holds *permission*: nobody who may not read the thing."""
        found = super().granted(permission)
        return None if found is None else narrower(found, self.effective_audience())

    def allowances(self) -> list[Ace]:
        """Let read who may read the thing, and comment whom the owner lets."""
        return rights.of_thread(self, super().allowances())

    def denials(self) -> list[Ace]:
        """Keep away whom the thing, or its owner, keeps away."""
        return rights.kept_away(self)


class Comment(Holder, Content):
    """One comment, or a reply to one: Markdown and the HTML made of it, both sealed; files beside.

    The words are None once they are destroyed; who deleted it may take that back for a moment.
    """

    chooses_audience: ClassVar[bool] = False  # the thing commented does
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    edited = 0  # milliseconds since 1970 of the last change of its words
    waits = False  # for the owner's approval
    hidden = False  # by a moderator
    deleted = 0  # milliseconds since 1970
    deleted_by: int | None = None  # uid of its author, or of the owner of the thing
    made_by = ""  # version of the renderer that made the HTML
    reason: Sealed | None = None  # why a moderator hid it
    replies: LOBTree | None = None  # id -> Comment

    def __init__(self, number: int, owner: int, holder: "Thread | Comment") -> None:
        super().__init__(owner)
        self.id, self.created = number, number >> RANDOM_BITS
        self.__name__ = encode(number)
        self.__parent__ = holder
        self.body: Sealed | None = None
        self.html: Sealed | None = None

    def __getitem__(self, segment: str) -> "Comment | Attachment":
        number = id_in(segment)
        found: Comment | None = None if self.replies is None else self.replies.get(number)
        if found is None:
            waiting: Comment | None = self.thread.waiting.get(number)
            found = waiting if waiting is not None and waiting.__parent__ is self else None
        return self.attachment(segment) if found is None else found

    @property
    def thread(self) -> Thread:
        """The thread in which it is."""
        holder = self.__parent__
        found: Thread = holder.__parent__ if isinstance(holder, Comment) else holder
        return found

    @property
    def is_reply(self) -> bool:
        """Whether it answers another comment."""
        return isinstance(self.__parent__, Comment)

    @property
    def shelf(self) -> LOBTree:
        """The tree that holds it once it is shown."""
        holder = self.__parent__
        if not isinstance(holder, Comment):
            tree: LOBTree = holder.comments
            return tree
        if holder.replies is None:
            holder.replies = LOBTree()
        return holder.replies

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the audience of the thing, and blocks, keep it from anybody."""
        return not (self.waits or self.hidden or self.deleted or self.body is None)

    def write(self, body: Sealed, html: Sealed, made_by: str) -> None:
        """Hold these words in place of what was held before."""
        self.body, self.html, self.made_by = body, html, made_by

    def empty(self) -> None:
        """Hold neither words nor the name of their author any more."""
        self.body = self.html = self.owner = self.reason = self.deleted_by = None
        self.edited = 0

    def effective_audience(self) -> Audience:
        """Return that of the thing commented."""
        return self.thread.effective_audience()

    def allowances(self) -> list[Ace]:
        """Let read who may read the thing; its author and the owner of the thing delete it."""
        return rights.of_comment(self)

    def denials(self) -> list[Ace]:
        """Keep away whom the thing, or the author, keeps away; who wrote it reads it."""
        return rights.kept_from_comment(self, super().denials())
