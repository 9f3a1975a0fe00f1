"""What hooks return: small immutable declarations, checked when they are made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

Text = str  # a translation string, or plain text that needs no translation


@dataclass(frozen=True)
class Mount:
    """A container that a plugin hangs under the site, or with ``where="member"`` each member.

    *count(request)* returns how many things wait there for the viewer: the menu shows it beside
    the entry, on every page, so that it must cost next to nothing.  What hangs under each member
    is part of the *service* of that name under the site; without one, of the service of its own.
    """

    name: str
    factory: Callable[[], Any]
    title: Text
    icon: str
    weight: int = 100
    where: str = "site"
    count: Callable[[Any], int] | None = None
    service: str = ""

    def __post_init__(self) -> None:
        if self.where not in ("site", "member"):
            raise ValueError(
                f"mount {self.name!r}: where is 'site' or 'member', not {self.where!r}"
            )


@dataclass(frozen=True)
class PersonalData:
    """One kind of personal data: what it is, why it is kept, for how long, and where.

    *retention* is a sentence, or what makes one of the site's settings where it hangs on them.
    ``stored`` names the persistent classes ("package.content:Class") that hold it, or the table.
    """

    kind: str
    what: Text
    why: Text
    audience: str
    retention: Text | Callable[[Mapping[str, Any]], Text]
    stored: tuple[str, ...]

    def kept(self, settings: Mapping[str, Any]) -> Text:
        """Return for how long it is kept on the site of those *settings*."""
        return self.retention(settings) if callable(self.retention) else self.retention


@dataclass(frozen=True)
class Recipient:
    """An outside party: who, which fields go there, and why the service cannot do without.

    *words* says what people call each field ("your e-mail address") and each purpose for which
    the gate is passed; what has no word there is shown by its name.
    """

    name: str
    who: Text
    fields: tuple[str, ...]
    why: Text
    words: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Cookie:
    """A cookie: its name, its purpose, and its life (None: until the browser closes)."""

    name: str
    purpose: Text
    life: timedelta | None = None


@dataclass(frozen=True)
class Block:
    """A piece of the home page or of a space: its title, and the HTML that fills it."""

    name: str
    title: Text
    html: str
    weight: int = 100
    waiting: bool = False


@dataclass(frozen=True)
class Found:
    """How a thing looks on the page of search, in its own words of now and for its viewer.

    *text* is plain text, or what returns it where it takes time to make: the page cuts a piece of
    it around the words looked for.  *by* is the uid of the member to be named with it, or the
    name of somebody who is none.
    """

    title: str
    path: str
    text: str | Callable[[], str] = ""
    by: int | str | None = None
    place: str = ""


@dataclass(frozen=True)
class Indexable:
    """A kind that can be found: how to walk all of it, and how to make one's catalog entry.

    *title* (of several: "Topics") and *icon* name the kind on the page of search, and
    *show(request, thing)* returns how one looks there, or None where it is not to be shown after
    all; it is asked for what the viewer may read only.  A kind without it is not on that page.

    *address(request, thing)* returns the path of a page of its own, or None: with it, what every
    stranger may read is in the sitemap.

    What is new, on the home page, leaves out a kind with *news* false: what was written to the
    viewer alone waits elsewhere.

    A *part* is shown under the title of what holds it: several of one are one row of what is new.
    """

    kind: str
    walk: Callable[[Any], Iterable[Any]]
    entry: Callable[[Any, Any], Any]
    title: Text = ""
    icon: str = "file-text"
    show: Callable[[Any, Any], Found | None] | None = None
    address: Callable[[Any, Any], str | None] | None = None
    part: bool = False
    news: bool = True


@dataclass(frozen=True)
class Moderable:
    """A kind that can be reported, and what hiding and deleting one means.

    *find(request, id)* returns the thing or None; *words(request, thing)* its exact words now;
    *hide(request, thing, reason)* and *delete(request, thing)* act for a moderator, and
    *restore(request, thing)* shows what was hidden again, where its author's appeal is heard.

    What is narrower than *members* is read through a case by the same *find* and *words*.

    *forget(request, thing, uid)* destroys for good what member *uid* wrote of it, and nothing of
    others: the page of all that one wrote offers it to the author, wherever the thing is and
    whoever may still read it.

    *reached(request, thing)* returns the address at which the viewer reads it by another way than
    by rights to it, such as a link with a secret in the query of the page, or None.
    """

    kind: str
    title: Text
    find: Callable[[Any, int], Any]
    words: Callable[[Any, Any], str]
    hide: Callable[[Any, Any, str], None]
    delete: Callable[[Any, Any], None]
    restore: Callable[[Any, Any], None] | None = None
    forget: Callable[[Any, Any, int], None] | None = None
    reached: Callable[[Any, Any], str | None] | None = None


@dataclass(frozen=True)
class Scope:
    """A scope of app passwords."""

    name: str
    title: Text


@dataclass(frozen=True)
class Purpose:
    """A purpose that needs a member's consent, given and withdrawn by itself.

    *title* is what one consents to, as after "I consent to"; *text* says what happens then.
    """

    name: str
    title: Text
    text: Text = ""


@dataclass(frozen=True)
class Path:
    """A path to content: *reach(request, thing)* tells whether the viewer gets there by it.

    *verb* is "read", "edit" or "delete": VIEW, EDIT or DELETE by the thing's ACL.
    """

    name: str
    verb: str
    reach: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Gateway:
    """A protocol server: *start(registry)* returns something with ``stop()``."""

    name: str
    start: Callable[[Any], Any]


@dataclass(frozen=True)
class Job:
    """A handler of queued work; with *every*, it also runs by itself at that interval.

    *together* is for work that is brief and comes in crowds: some that wait are done in one
    transaction, each by a call of its own; where that fails, each in one of its own.
    """

    name: str
    handler: Callable[[Any, Mapping[str, Any]], None]
    every: timedelta | None = None
    together: bool = False


@dataclass(frozen=True)
class Notification:
    """A kind of notice: what settings call it, and what it says.

    *sentence* may hold ``${who}``, the login of who caused it, and carries no words of members;
    *several* is for more than one of them about the same thing, with ``${n}``.  *mail* is when it
    goes out by mail until the member says otherwise: "now", "daily", "weekly" or "never".
    *suspended* is whether a suspended member, who sees no notices, is told by mail all the same.
    With *groups*, only members of one of them ("operators", "moderators") are told.
    """

    kind: str
    title: Text
    sentence: Text
    several: Text = ""
    icon: str = "bell"
    mail: str = "daily"
    suspended: bool = False
    groups: tuple[str, ...] = ()

    def is_for(self, groups: Iterable[str]) -> bool:
        """Tell whether a member of *groups* is told."""
        return not self.groups or not set(self.groups).isdisjoint(groups)

    def __post_init__(self) -> None:
        if self.mail not in ("now", "daily", "weekly", "never"):
            raise ValueError(f"notice {self.kind!r}: mail is now, daily, weekly or never")


@dataclass(frozen=True)
class HelpPage:
    """A page of help: its name in the address, its title, and its Markdown by language."""

    name: str
    title: Text
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Linkable:
    """What members keep, to which they can put links into what they write.

    *offered(request)* tells whether the member has any of it; *browse(request, id, after)* returns
    a `communicate.writing.linking.Shelf` of the place with that id (empty: the top), None where
    there is none; *find(request, id)* a `Thing`, or None; *make(request, id, wish)* a link `Made`
    as the `Wish` says, or raises `CannotLink`.  *action* says on a button that a link to such a
    thing is put in, *note* says where members end their links.
    """

    name: str
    title: Text
    action: Text
    icon: str
    note: Text
    offered: Callable[[Any], bool]
    browse: Callable[[Any, str, str], Any]
    find: Callable[[Any, str], Any]
    make: Callable[[Any, str, Any], Any]


@dataclass(frozen=True)
class HealthCheck:
    """A check for operators: *run(registry)* returns None, or a sentence with the cure."""

    name: str
    title: Text
    run: Callable[[Any], str | None]
