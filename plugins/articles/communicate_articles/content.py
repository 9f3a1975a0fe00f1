"""What articles keep in the tree; the path and the name of each class are an on-disk contract.

A member's articles lie under ``/members/<login>/articles``.  ``/articles`` knows by whom each is,
and when former versions are to be destroyed.  Words, titles, tags and all that is made of them
are sealed under the author's key; what stays plain is structure.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from BTrees.LLBTree import LLBTree, LLTreeSet
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from pyramid.authorization import Allow, Everyone

from communicate import audience as audiences
from communicate.audience import PRIVATE, Audience
from communicate.content import Ace, Content, Folder
from communicate.ids import LENGTH, RANDOM_BITS, decode, encode
from communicate.permissions import DELETE, EDIT, MODERATE, OPEN, VIEW
from communicate.principals import MEMBERS, MODERATORS, PUBLIC, member
from communicate.sealing.content import Sealed, SealedBlob
from communicate.web.slices import keys_backwards
from communicate.writing.content import Attachment, Holder
from communicate_articles.permissions import FEED, UNDO, WRITE

NAME = "articles"  # of the container of a member, and of the site's


def id_in(segment: str) -> int:
    """Return the id at the start of the path element *segment*; raise KeyError without one."""
    if len(segment) > LENGTH and segment[LENGTH] != "-":
        raise KeyError(segment)
    try:
        return decode(segment[:LENGTH])
    except ValueError:
        raise KeyError(segment) from None


class Articles(Folder):
    """``/articles``: whose each article is, by id, and which versions grow old."""

    default_audience: ClassVar[Audience] = audiences.PUBLIC
    uploads: LOBTree | None = None  # uid -> Upload, the last one

    def __init__(self) -> None:
        super().__init__(audience=audiences.PUBLIC)
        self.owners = LLBTree()  # id of an article -> uid of its author
        self.versions = LLBTree()  # id of a version, made when it was replaced -> article id
        self.feeds = LOBTree()  # uid -> SHA-256 of the secret in the address of a private feed

    def allowances(self) -> list[Ace]:
        """Let members write; a private feed asks for its key itself."""
        return [*super().allowances(), (Allow, MEMBERS, (WRITE,)), (Allow, Everyone, (FEED,))]


class Shelf(Folder):
    """The articles of one member, ``/members/<login>/articles``, by the ids in their addresses."""

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    chooses_audience: ClassVar[bool] = False  # each article does

    def __init__(self, owner: int | None = None) -> None:
        super().__init__(owner)
        self.unfinished = LLTreeSet()  # ids of articles that have a draft, or are hidden

    def __getitem__(self, name: str) -> "Article":
        """Return the article whose id *name* begins with."""
        found: Article = super().__getitem__(encode(id_in(name)))
        return found

    def effective_audience(self) -> Audience:
        """Return the narrowest: articles say themselves who may read them."""
        return PRIVATE

    def allowances(self) -> list[Ace]:
        """Let everyone whom the site lets in open the list, which filters."""
        return [*super().allowances(), (Allow, PUBLIC, (OPEN,))]

    def add(self, article: "Article") -> None:
        """Hang *article* here, under its id."""
        self[encode(article.id)] = article

    def remove(self, article: "Article") -> None:
        """Take *article* out."""
        self.finish(article.id)
        if article.__name__ in self:
            del self[str(article.__name__)]

    def note(self, article: "Article") -> None:
        """Know whether *article* is one that its author has something to do with."""
        if article.draft is not None or article.hidden:
            self.unfinished.add(article.id)
        else:
            self.finish(article.id)

    def finish(self, number: int) -> None:
        """Forget that the article with that id was one of those."""
        if number in self.unfinished:
            self.unfinished.remove(number)

    def drafts(self) -> Iterator["Article"]:
        """Yield the articles that have a draft or are hidden, the latest first."""
        for number in keys_backwards(self.unfinished):
            article = self.get(encode(number))
            if article is not None and not article.deleted:
                yield article


class Upload(Persistent):
    """A ZIP of articles that its member brings in: sealed, until a job has read it.

    What became of its files is sealed, too: `communicate_articles.folders.uploading` knows how.
    """

    began = 0  # milliseconds since 1970 at which the job took it up
    done = 0  # files so far
    outcome: Sealed | None = None
    job = 0  # id of the job

    def __init__(self, number: int, file: SealedBlob, total: int, until: int) -> None:
        self.number = number
        self.file: SealedBlob | None = file
        self.total = total  # files that it holds
        self.until = until  # milliseconds since 1970 at which all of it is forgotten


class Words(Persistent):
    """One state of an article's words, sealed: `communicate_articles.words` knows its form."""

    def __init__(self, sealed: Sealed, changed: int) -> None:
        self.sealed = sealed
        self.changed = changed  # milliseconds since 1970


class Draft(Words):
    """What its author is writing: nobody else reads it, and it replaces nothing until then."""

    without: tuple[int, ...] = ()  # ids of attachments that are out, and go when it comes out


class Version(Words):
    """Words that others took the place of, kept for a while; ``changed`` is when they came out."""

    def __init__(self, number: int, sealed: Sealed, changed: int) -> None:
        super().__init__(sealed, changed)
        self.id = number  # made at the moment at which it was replaced

    @property
    def replaced(self) -> int:
        """The moment at which other words took its place, in milliseconds since 1970."""
        return self.id >> RANDOM_BITS


class Article(Holder, Content):
    """One article: what its readers see, the draft beside it, and former versions.

    Until it is out, the draft is all there is, and its author alone reads it, whatever audience
    is chosen; with ``due``, it comes out at that moment.
    """

    default_audience: ClassVar[Audience] = PRIVATE
    closed_to_blocked: ClassVar[bool] = True
    veiled: ClassVar[bool] = True
    takes_comments: ClassVar[bool] = True
    published = 0  # milliseconds since 1970 at which it first came out; 0: it has not
    changed = 0  # milliseconds since 1970 at which the words came out that readers see
    due = 0  # milliseconds since 1970 at which it is to come out; 0: no moment is set
    words: Sealed | None = None  # what readers see, as its author wrote it
    page: Sealed | None = None  # what is made of it, to be shown
    made_by = ""  # version of what made ``page``
    language = ""  # of the words: a BCP 47 tag; empty: not said
    draft: Draft | None = None
    translations: tuple[int, ...] = ()  # ids of articles of the same author
    cover: int = 0  # id of the attachment that is shown on top; 0: none
    files: tuple[int, ...] = ()  # ids of the attachments that came out with the words
    exports_attachments: ClassVar[bool] = True
    hidden = False  # by a moderator
    reason: Sealed | None = None  # why a moderator hid it
    source: Sealed | None = None  # the key of the file that it was imported from
    deleted = 0  # milliseconds since 1970 at which its author deleted it

    def __init__(self, number: int, owner: int, audience: Audience = PRIVATE) -> None:
        super().__init__(owner, audience)
        self.id, self.created = number, number >> RANDOM_BITS
        self.versions = LOBTree()  # id -> Version

    @property
    def is_out(self) -> bool:
        """Whether its audience may read it."""
        return bool(self.published) and not self.deleted

    def effective_audience(self) -> Audience:
        """Return the choice of its author once it is out, before that the narrowest."""
        return super().effective_audience() if self.is_out and not self.hidden else PRIVATE

    def acl_of(self, attachment: Attachment) -> list[Any]:
        """Let what belongs to the draft alone be read by the author alone."""
        if attachment.id in self.files:
            return self.__acl__
        if self.owner is None or self.deleted:
            return []
        return [(Allow, member(self.owner), (VIEW,))]

    def subject(self, request: Any) -> str:
        """Return its title, for its author."""
        from communicate_articles.interfaces import IArticles

        title: str = request.find_service(IArticles).title(self)
        return title

    def allowances(self) -> list[Ace]:
        """Let the audience read what is out; its author always; moderators what they hid."""
        if self.owner is None:
            return []
        own = member(self.owner)
        if self.deleted:
            return [(Allow, own, (DELETE, UNDO))]
        if not self.hidden:
            return super().allowances()
        allowed: list[Ace] = [(Allow, own, (VIEW, EDIT, DELETE))]
        if super().effective_audience().is_common:
            allowed.append((Allow, MODERATORS, (VIEW, MODERATE)))
        return allowed


def new_articles() -> Articles:
    """Return the container of a new site."""
    return Articles()


def new_shelf() -> Shelf:
    """Return the container of a member who begins to write."""
    return Shelf()
