"""What core's services promise: ask for them with ``request.find_service(IX)``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from communicate.sealing.content import Sealed, SealedBlob
    from communicate.sealing.partial import PartialFile
    from communicate.sealing.spools import SealedSpool


class IClock(Interface):
    """The one clock."""

    def now() -> datetime:
        """Return the present moment, aware, in UTC."""


class ISettings(Interface):
    """The typed settings, as ``registry.settings`` holds them."""


class IDatabase(Interface):
    """The `communicate.storage.sitedb.SiteDB` that holds the object tree."""


class IPlugins(Interface):
    """The enabled plugins: see `communicate.plugins.Plugins`."""

    enabled = Attribute("Names of the enabled plugins, in the order of the ini file.")
    failed = Attribute("Mapping of a failed plugin's name to its reason, a sentence.")


class IKeyRing(Interface):
    """One key per member, wrapped by the master key, apart from the tree."""

    def create(uid: int) -> None:
        """Make and commit a key for member *uid* at once; keep one that is there."""

    def key(uid: int) -> bytes:
        """Return the 32-byte key of *uid*; raise `communicate.sealing.Destroyed` without one."""

    def destroy(uid: int) -> None:
        """Destroy the key of *uid*: nothing sealed under it opens again, here or in a copy."""

    def holds(uid: int) -> bool:
        """Tell whether *uid* has a key."""

    def site_key(label: str) -> bytes:
        """Return 32 bytes derived from the site's key for the one use that *label* names."""

    def rotate_master(new_key: bytes) -> None:
        """Wrap every key anew under *new_key*, all or none."""


class ISeals(Interface):
    """Sealing and opening of what members author."""

    def seal(uid: int, kind: str, data: bytes | str) -> "Sealed":
        """Return a `Sealed` of *data* (bytes or text) under the key of *uid*."""

    def open(sealed: "Sealed") -> bytes:
        """Return the bytes that *sealed* holds; raise `Destroyed` where its key is gone."""

    def text(sealed: "Sealed") -> str | None:
        """Return the text that *sealed* holds, or None where its key is gone: it is deleted."""

    def texts(sealed: Iterable["Sealed"]) -> list[str | None]:
        """Return what `text` says of each of *sealed*: of many, it is quicker."""

    def each(sealed: "Iterable[Sealed]", make: Callable[[str], Any]) -> list[Any]:
        """Return what `made` says of each of *sealed*; what is long is opened anew each time."""

    def made(sealed: "Sealed", make: Callable[[str], Any]) -> Any:
        """Return what *make*, a function of a module, makes of the text in *sealed*.

        None where its key is gone.  It stays in memory as long as the key does, a minute at most,
        so it is small, such as the title of a page; nobody changes it.
        """

    def seal_stream(uid: int, kind: str, stream: Any) -> "SealedBlob":
        """Return a `SealedBlob` of all that *stream* yields, in bounded memory."""

    def spool(uid: int, kind: str, connection: Any) -> "SealedSpool":
        """Return a `SealedSpool`: a file sealed as it comes, which each try of a transaction uses.

        *connection* is one to the tree (``request.root_map._p_jar``): the spool lies beside its
        blobs.
        """

    def partial(uid: int, kind: str, path: Path, size: int) -> "PartialFile":
        """Return the `communicate.sealing.partial.PartialFile` at *path*, of *size* bytes."""

    def take(jar: Any, file: "PartialFile") -> "SealedBlob":
        """Return a `SealedBlob` of *file*, which is whole, without a copy; *jar* will store it."""

    def open_range(blob: "SealedBlob", start: int, stop: int | None) -> Iterator[bytes]:
        """Yield the bytes of *blob* from *start* to *stop*, without reading the rest."""

    def hmac(label: str, data: bytes) -> bytes:
        """Return the HMAC-SHA-256 of *data* under the site's key for *label*."""

    def member_hmac(uid: int, label: str, data: bytes) -> bytes:
        """Return the HMAC-SHA-256 of *data* under the key of *uid* for *label*."""


class ICatalog(Interface):
    """What crosses containers: search, what is new; its rows are hints (see communicate.catalog).

    Changes are written when the transaction commits, and questions see what is committed.  *terms*
    are kinds, author (uid), container (id), before (`Hit.cursor`), limit (20 if not given).
    """

    def put(entry: Any) -> None:
        """Store *entry* (a `communicate.catalog.Entry`) in place of what is known of its id."""

    def remove(item: int) -> None:
        """Forget the item with that id, its words, and the rights that it governs."""

    def set_rights(acl_id: int, principals: Iterable[str]) -> None:
        """State who may read what *acl_id* governs; see `communicate.catalog.set_audience`."""

    def hold(principal: str, uid: int) -> None:
        """State that member *uid* holds *principal*: ``contacts:<uid>`` or ``circle:<id>``."""

    def unhold(principal: str, uid: int) -> None:
        """State that member *uid* does not hold *principal* any more."""

    def block(uid: int, blocked: int) -> None:
        """Keep what *uid* and *blocked* have written from each other."""

    def unblock(uid: int, blocked: int) -> None:
        """Take back what ``block`` said."""

    def forget(uid: int) -> None:
        """Forget every row that names member *uid*: the account is being erased."""

    def drop_words(items: Iterable[int]) -> None:
        """Forget the words and titles of the items with those ids; the rows stay."""

    def search(viewer: Any, words: str, **terms: Any) -> list[Any]:
        """Return hits that *viewer* may read and that have all of *words*, newest first."""

    def newest(viewer: Any, **terms: Any) -> list[Any]:
        """Return hits that *viewer* may read, newest first."""

    def titles(viewer: Any, *, after: tuple[str, int] | None = None, **terms: Any) -> list[Any]:
        """Return hits that *viewer* may read by title; *after* is a hit's ``sort`` and id."""

    def shared(uid: int, *, before: tuple[int, int] | None = None, limit: int = 20) -> list[Any]:
        """Return hits of what member *uid* authored and others may read, newest first."""

    def count(viewer: Any, words: str | None = None, **terms: Any) -> Any:
        """Return a `communicate.catalog.Count` of what *viewer* may read, up to 1,000."""

    def together() -> Any:
        """Return a context in which questions share one connection: several are quicker."""

    def narrow(viewer: Any, *, own: int, others: int, **terms: Any) -> tuple[list[Any], list[Any]]:
        """Return (id, author, sealed words) of the newest things that *viewer* and few may read.

        First the viewer's own, *own* of them at most, then those of others.

        Words of what members or everybody may read are not sealed, and found by `search`.
        """

    def labelled(items: Iterable[int]) -> list[tuple[str, int, int]]:
        """Return each label of *items* that members may read, how many, the newest that has it."""

    def named(viewer: Any, items: Iterable[int]) -> list[Any]:
        """Return hits for those of *items* that *viewer* may read, newest first."""

    def load(hits: Iterable[Any]) -> list[tuple[Any, Any]]:
        """Return (hit, object) for each that the request's viewer may read; repair wrong rows."""

    def loading(hits: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield what `load` returns, each loaded when it is asked for: one may stop early."""


class IOutbox(Interface):
    """Work that happens later, stored in the transaction that causes it."""

    def add(
        name: str,
        payload: Mapping[str, Any],
        *,
        owner: int | None = None,
        due: datetime | None = None,
    ) -> int:
        """Store a job for the handler *name*; return its id.

        *payload* is a mapping that JSON can hold; it is sealed under *owner*'s key, or the site's.
        """


class IMailer(Interface):
    """Mail from the site to people."""

    def queue(
        to: str,
        subject: str,
        text: str,
        *,
        owner: int | None = None,
        unsubscribe: str = "",
    ) -> None:
        """Send a plain text mail to the address *to* once this transaction has committed.

        *unsubscribe* is the address that ends such mail with one click (RFC 8058).
        """


class IGate(Interface):
    """The only way by which anything leaves the machine."""

    def pass_(
        recipient: str, purpose: str, fields: Mapping[str, Any], *, about: int | None = None
    ) -> Any:
        """Return a context in which *fields* leave to *recipient*, recorded when they have.

        *about* is the uid of the member concerned, who is shown the record.  What the context
        yields has ``begin()``: what fails after it has left all the same.  Raise
        `communicate.outbox.gate.Undeclared` where nobody declared it.
        """

    def pass_apart(
        recipient: str, purpose: str, fields: Mapping[str, Any], *, about: int | None = None
    ) -> Any:
        """Return a context like that of ``pass_``, in a task or thread without a transaction.

        What it yields is recorded by its ``record(request)`` alone.
        """


class IDisclosures(Interface):
    """What left the site about members: when, to whom, which fields, why; never the words."""

    def record(uid: int, recipient: str, purpose: str, fields: Iterable[str]) -> None:
        """Remember that *fields*, by name, of member *uid* left to *recipient* for *purpose*.

        The gate does so for what it is told is about a member; so does who hands data out by
        another way, such as an answer to a judge.
        """

    def of(uid: int, *, after: int | None = None, most: int = 50) -> Iterator[Any]:
        """Yield what left about *uid*, newest first, from below the id *after* on.

        Each has ``id``, ``when`` (ms), ``recipient``, ``fields`` (names) and ``why``.
        """


class IMembers(Interface):
    """Members and their accounts."""

    def by_login(login: str) -> Any:
        """Return the member of that login, or None."""

    def by_uid(uid: int, *, closed: bool = False) -> Any:
        """Return the member with that number, or None; a closed account only if asked for."""

    def by_address(address: str) -> Any:
        """Return the member with that e-mail address, or None."""

    def login_of(uid: int) -> str | None:
        """Return the login of member *uid*, or None where there is none any more."""

    def add(login: str, address: str, password: str, **details: Any) -> Any:
        """Make a confirmed account and return its `Member`."""

    def suspend(member: Any) -> None:
        """Keep *member* from signing in, and end every session."""

    def close(member: Any) -> None:
        """Hide *member* and the space on every path, and end every session."""

    def remove(uid: int) -> None:
        """Remove the account of *uid* from the tree; its login stays taken.  Idempotent."""

    def taken(login: str) -> bool:
        """Tell whether *login* is in use, was ever in use, or may not be used."""

    def check_login(login: str) -> None:
        """Raise `communicate.accounts.logins.BadLogin` where *login* cannot be given to anyone."""

    def reserve(login: str) -> None:
        """Never give *login* out: something else than an account has that name for good."""


class ISessions(Interface):
    """Sessions of members in browsers, and what keeps a member signed in."""

    def open(member: Any, *, remember: bool = False) -> str:
        """Open a session by hand for *member* in the browser of this request; return its id."""

    def close() -> None:
        """Sign this browser out: end its session, and the member's series if it is here."""

    def of(uid: int) -> Iterator[tuple[bytes, Any]]:
        """Yield the running sessions of member *uid* with their keys."""

    def end(uid: int, key: bytes) -> bool:
        """End one session of member *uid* and its series; tell whether it was there."""

    def end_all(uid: int, *, but: str | None = None) -> None:
        """End every session of member *uid* and the series; *but*, an id, keeps one."""

    def holder(key: bytes) -> Any:
        """Return the member whose running session lies under *key*, or None; count no use."""

    def renew(member: Any) -> None:
        """End every session of *member*; this browser goes on, with new cookies, for as long."""


class IFactors(Interface):
    """Second factors of signing in."""

    def enter(member: Any, *, remember: bool, came_from: str) -> str:
        """Go on with *member*, whose password was right; return the address that comes next."""

    def admit(member: Any, *, remember: bool) -> None:
        """Open a session for *member*, who has proved everything; tell of a new browser."""

    def is_set(uid: int) -> bool:
        """Tell whether member *uid* takes a second step to sign in."""

    def reset(member: Any) -> None:
        """Take every second factor of *member* away, and say so by mail."""


class IAppPasswords(Interface):
    """Passwords that members give to programs; gateways ask for no other way in.

    Both ``verify`` raise `communicate.accounts.limits.TooMany` after too many failures; *peer* is
    the numeric network address of the program.  A suspended or closed account opens nothing.
    """

    def make(uid: int, title: str, scopes: Iterable[str]) -> str:
        """Return the secret of a new app password of member *uid*; it is shown once."""

    def of(uid: int) -> list[dict[str, Any]]:
        """Return ``key``, ``title``, ``scopes``, ``created`` and ``used`` (ms, None) of each."""

    def revoke(uid: int, number: int) -> bool:
        """End the app password *number* of member *uid* at once; tell whether it was there."""

    def verify(login: str, secret: str, scope: str, *, peer: str = "") -> Any:
        """Return the member whose app password for *scope* is *secret*, else None."""

    def verify_gateway(login: str, password: str, scope: str, *, peer: str = "") -> Any:
        """Return the member who may use *scope* with *password*, else None.

        It is an app password, or the main one of a member who takes no second step.
        """

    def number_of(uid: int, secret: str, scope: str) -> int | None:
        """Return which app password of member *uid* for *scope* is *secret*, None where none is.

        It is for whoever has just signed in by `verify`: nothing is counted.
        """

    def stands(uid: int, number: int) -> bool:
        """Tell whether the app password *number* of member *uid* still opens anything.

        What lasts, as a connection does, asks again whenever the member, or what `IFactors.of`
        returns for that member, has changed (`communicate.storage.bells`).
        """


class ILimits(Interface):
    """How often a stranger or a member may ask."""

    def hit(name: str, *keys: str, cost: int = 1) -> None:
        """Count *cost* more of *name* for each key; raise `TooMany` where that is too many."""

    def check(name: str, *keys: str) -> None:
        """Raise `TooMany` where one more would be over the limit of a key; count nothing."""

    def give_back(name: str, *keys: str) -> None:
        """Take the last *name* of each key back: it has turned out not to count."""

    def forget(name: str, *keys: str) -> None:
        """Forget all of *name* for each key."""


class IBrakes(Interface):
    """What holds new accounts back."""

    def hit(act: str, cost: int = 1) -> None:
        """Count *cost* more of *act* ("topics", "posts", "links", "requests") of the member.

        Raise `communicate.reports.brakes.Braked` where a new account has done enough for a day.
        """

    def is_new(member: Any) -> bool:
        """Tell whether *member* has joined lately, and has no role."""


class IMarkdown(Interface):
    """Markdown as members write it, made into safe HTML."""

    version = Attribute("Text that changes when the same Markdown may give other HTML.")

    def render(text: str) -> str:
        """Return clean HTML for *text*."""

    def render_long(text: str) -> Any:
        """Return the `communicate.web.longtext.LongText` made of a text with headings.

        Code in it is in colours, footnotes are at its end, and headings can be led to.
        """


class IAuthored(Interface):
    """What each member authored anywhere, by id: what an erasure goes through."""

    def add(uid: int, kind: str, item: int) -> None:
        """Remember that *uid* authored the thing with the id *item*."""

    def remove(uid: int, kind: str, item: int) -> None:
        """Forget it."""

    def kinds(uid: int) -> list[str]:
        """Return the kinds of which *uid* authored anything."""

    def has(uid: int, kind: str, item: int) -> bool:
        """Tell whether *uid* authored the thing with the id *item*, of that *kind*."""

    def items(uid: int, kind: str, *, after: int = 0, most: int | None = None) -> list[int]:
        """Return ids of the *kind* that *uid* authored, in order, from above *after* on."""

    def newest(uid: int, kind: str, *, before: int | None = None, most: int = 30) -> list[int]:
        """Return ids of the *kind* that *uid* authored, the newest, or those below *before*."""

    def wrote(uid: int, kind: str, item: int) -> bool:
        """Tell whether *uid* authored the thing of *kind* with the id *item*."""

    def totals() -> dict[str, int]:
        """Return how many things of each kind there are."""


class IErasure(Interface):
    """Erasure of accounts (DESIGN 7)."""

    def start(uid: int) -> str:
        """Close account *uid* and hide all it holds with this transaction; a job erases the rest.

        Return the code that shows the receipt, empty where the erasure has begun already.
        """

    def receipt(code: str) -> Any:
        """Return the `communicate.erasure.services.Receipt` that *code* shows, or None."""


class IExports(Interface):
    """Archives of all that the site holds of a member, for that member alone (see mydata)."""

    def of(uid: int) -> Any:
        """Return the `communicate.mydata.content.Export` of member *uid*, or None."""

    def start(uid: int) -> Any:
        """Have an archive of member *uid* written by a job; return its export."""

    def open(export: Any) -> Iterator[bytes]:
        """Yield the archive of *export*, which is ready."""

    def drop(uid: int) -> bool:
        """Delete the archive of member *uid*; tell whether there was one."""


class IContacts(Interface):
    """Whom members know, the circles they put them in, and whom they block.

    What changes something raises `communicate.contacts.errors.Refused`, with a sentence for the
    member as its ``reason``, where it cannot be done.
    """

    def are_contacts(one: int, other: int) -> bool:
        """Tell whether the two members know each other: it is always mutual."""

    def blocked(one: int, other: int) -> bool:
        """Tell whether either of the two members has blocked the other."""

    def contacts(uid: int) -> Iterable[int]:
        """Return the numbers of the contacts of member *uid*, in order."""

    def circles(uid: int) -> list[Any]:
        """Return the circles of member *uid*, by name; each has ``id``, ``name`` and members."""

    def request(sender: int, to: int, note: str = "") -> None:
        """Ask member *to* to be a contact of *sender*; where *to* has asked already, accept."""

    def accept(uid: int, sender: int) -> None:
        """Make *uid* and *sender*, who asked, contacts of each other."""

    def decline(uid: int, sender: int) -> None:
        """Refuse the request of *sender*, who is not told."""

    def forget_note(uid: int, sender: int) -> None:
        """Destroy the note of the request that *uid* declined."""

    def withdraw(sender: int, to: int) -> None:
        """Take back the request of *sender*."""

    def remove(uid: int, other: int) -> None:
        """End the contact on both sides, at once, on every path; circles forget it too."""

    def block(uid: int, other: int) -> None:
        """Keep *other* from *uid*: no contact, request, mention, notice, comment or message."""

    def unblock(uid: int, other: int) -> None:
        """Take back what ``block`` did; what it ended stays ended."""

    def has_blocked(uid: int, other: int) -> bool:
        """Tell whether member *uid* has blocked *other*, who is not told."""

    def count(uid: int) -> int:
        """Return how many contacts member *uid* has."""

    def waiting(uid: int) -> int:
        """Return how many requests member *uid* has yet to answer."""

    def received(uid: int, *, after: int = -1, most: int = 50) -> list[Any]:
        """Return requests to *uid*, each with ``sender``, ``when`` and ``note``."""

    def state(uid: int, other: int) -> str:
        """Return how *other* stands to *uid*: self, contact, blocked, received, sent or none."""

    def make_circle(uid: int, name: str) -> int:
        """Make a circle of member *uid*; return its id, for `communicate.principals.circle`."""

    def rename_circle(uid: int, number: int, name: str) -> None:
        """Give a circle of *uid* another name."""

    def drop_circle(uid: int, number: int) -> None:
        """Delete a circle of *uid*: what is shown to it is shown to nobody by it any more."""

    def put(uid: int, number: int, other: int) -> None:
        """Put *other*, a contact of *uid*, into one of the circles of *uid*."""

    def take(uid: int, number: int, other: int) -> None:
        """Take *other* out of one of the circles of *uid*."""


class IAudiences(Interface):
    """Who may read what: the owner's choice, and what counts of it."""

    def effective(thing: Any) -> Any:
        """Return the `communicate.audience.Audience` that counts, after folder and site."""

    def offers(thing: Any) -> bool:
        """Tell whether the viewer may choose the audience of *thing* on its own page."""

    def choose(thing: Any, audience: Any) -> None:
        """Store *audience* as the owner's choice for *thing*, and have it count at once.

        The catalog is told; subscribers of `communicate.contacts.audiences.AudienceChanged` too.
        """

    def readers(thing: Any) -> Any:
        """Return a `communicate.contacts.audiences.Readers`: who exactly may read *thing*."""


class INotifications(Interface):
    """Notices to members: kept for their page and bell, and sent by mail as they wish."""

    def send(
        kind: str,
        to: int,
        *,
        about: Any = None,
        by: int | None = None,
        path: str | None = None,
    ) -> None:
        """Tell member *to* that *by* did what the declared *kind* says, once this commits.

        *about* is a thing in the tree that *to* may VIEW, asked for again whenever the notice is
        shown or sent; *path* is an address of the site, without words of members.  With both,
        the notice is about the thing and leads to the path.  Several of one kind about one thing
        that were not read are one notice, which leads where the first did.  Nothing is sent to
        *by* itself, nor between two members of whom one has blocked the other.
        """

    def unread(uid: int) -> int:
        """Return how many notices of member *uid* were not read."""

    def seen(uid: int, *about: Any) -> None:
        """Mark as read what member *uid* was told about these things, just shown to them."""


class IComments(Interface):
    """Comments on things that members own: a plugin offers them, core does not.

    Ask `communicate.web.comments` where it may be off.  A thing has ``id``, ``owner`` and an
    ``__acl__``; its kind is among those of ``communicate_moderables``, by which it is found, and
    its class says ``takes_comments``: on others nobody comments.
    """

    def show(thing: Any) -> Any:
        """Return the HTML of the comments on *thing* that the viewer may read, a page of them.

        With them comes the form to add one, where the viewer may.  They are oldest first; the
        query's ``after`` and ``before`` name ids.
        """

    def link(thing: Any) -> Any:
        """Return a small link to the comments on *thing*, for a page that shows many things.

        It is empty where there are none and the viewer may add none.
        """

    def count(thing: Any) -> int:
        """Return how many comments on *thing* show their words, whoever asks."""

    def forget(thing: Any) -> None:
        """Destroy every comment on *thing*, which is being destroyed, by a job where many."""


class IQuota(Interface):
    """One quota for all that a member stores, in whichever service."""

    limit = Attribute("The bytes that each member may store; 0: nothing limits that.")

    def used(uid: int) -> int:
        """Return how many bytes member *uid* stores, in all services, switched off ones too."""

    def left(uid: int) -> int | None:
        """Return how many bytes member *uid* may add, None where nothing limits that."""

    def room(uid: int, size: int) -> None:
        """Raise `communicate.quota.QuotaExceeded` where *size* more bytes of *uid* are too many.

        Nothing is counted: for whoever wants to end early what would be too much.
        """

    def claim(uid: int, service: str, size: int) -> None:
        """Count *size* more bytes that *service*, a plugin by name, keeps of member *uid*.

        Raise `communicate.quota.QuotaExceeded` where they are too many.  Ask in the transaction
        that stores them: of those that run at once each counts, and one conflicts, to be tried
        again, where they would go beyond the limit together.
        """

    def release(uid: int, service: str, size: int) -> None:
        """Count *size* bytes less that *service* keeps of *uid*, in the transaction that destroys.

        Nothing happens where *uid* is being erased.
        """


class IShelf(Interface):
    """Where the signed-in member keeps files, if a plugin offers it: see `communicate.shelf`."""

    def keep(name: str, stream: Any) -> str:
        """Keep all that *stream* holds as *name*, or a name like it; return its address.

        It is private until the member says otherwise.  Raise `communicate.shelf.NotKept`,
        `communicate.quota.QuotaExceeded`, or `communicate.accounts.limits.TooMany`.
        """
