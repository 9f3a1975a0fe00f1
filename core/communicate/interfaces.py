"""What core's services promise: ask for them with ``request.find_service(IX)``."""

from datetime import datetime

from zope.interface import Attribute, Interface


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

    def create(uid):
        """Make and commit a key for member *uid* at once; keep one that is there."""

    def key(uid):
        """Return the 32-byte key of *uid*; raise `communicate.sealing.Destroyed` if there is none."""

    def destroy(uid):
        """Destroy the key of *uid*, so that nothing sealed under it opens again, here or in a copy."""

    def holds(uid):
        """Tell whether *uid* has a key."""

    def site_key(label):
        """Return 32 bytes derived from the site's key for the one use that *label* names."""

    def rotate_master(new_key):
        """Wrap every key anew under *new_key*, all or none."""


class ISeals(Interface):
    """Sealing and opening of what members author."""

    def seal(uid, kind, data):
        """Return a `Sealed` of *data* (bytes or text) under the key of *uid*."""

    def open(sealed):
        """Return the bytes that *sealed* holds; raise `Destroyed` where its key is gone."""

    def text(sealed):
        """Return the text that *sealed* holds, or None where its key is gone: it reads as deleted."""

    def seal_stream(uid, kind, stream):
        """Return a `SealedBlob` of all that *stream* yields, in bounded memory."""

    def open_range(blob, start, stop):
        """Yield the bytes of *blob* from *start* to *stop*, without reading the rest."""

    def hmac(label, data):
        """Return the HMAC-SHA-256 of *data* under the site's key for *label*."""

    def member_hmac(uid, label, data):
        """Return the HMAC-SHA-256 of *data* under the key of *uid* for *label*."""


class ICatalog(Interface):
    """What crosses containers: search, what is new; its rows are hints (see communicate.catalog).

    Changes are written when the transaction commits, and questions see what is committed.  *terms*
    are kinds, author (uid), container (id), before (`Hit.cursor`), limit (20 if not given).
    """

    def put(entry):
        """Store *entry* (a `communicate.catalog.Entry`) in place of what is known of its id."""

    def remove(item):
        """Forget the item with that id, its words, and the rights that it governs."""

    def set_rights(acl_id, principals):
        """State who may read every item that *acl_id* governs; see `communicate.catalog.set_audience`."""

    def hold(principal, uid):
        """State that member *uid* holds *principal*: ``contacts:<uid>`` or ``circle:<id>``."""

    def unhold(principal, uid):
        """State that member *uid* does not hold *principal* any more."""

    def block(uid, blocked):
        """Keep what *uid* and *blocked* have written from each other."""

    def unblock(uid, blocked):
        """Take back what ``block`` said."""

    def drop_words(items):
        """Forget the words and titles of the items with those ids; the rows stay."""

    def search(viewer, words, **terms):
        """Return hits that *viewer* may read and that have all of *words*, newest first."""

    def newest(viewer, **terms):
        """Return hits that *viewer* may read, newest first."""

    def titles(viewer, *, after=None, **terms):
        """Return hits that *viewer* may read by folded title; *after* is a hit's ``sort`` and id."""

    def count(viewer, words=None, **terms):
        """Return a `communicate.catalog.Count` of what *viewer* may read, up to "more than 1,000"."""

    def load(hits):
        """Return (hit, object) for each that the request's viewer may read; repair wrong rows."""


class IOutbox(Interface):
    """Work that happens later, stored in the transaction that causes it."""

    def add(name, payload, *, owner=None, due=None):
        """Store a job for the handler *name*; return its id.

        *payload* is a mapping that JSON can hold; it is sealed under *owner*'s key, or the site's.
        """


class IMailer(Interface):
    """Mail from the site to people."""

    def queue(to, subject, text, *, owner=None):
        """Send a plain text mail to the address *to* once this transaction has committed."""


class IGate(Interface):
    """The only way by which anything leaves the machine."""

    def pass_(recipient, purpose, fields):
        """Record that *fields* leave to *recipient*; raise `Undeclared` where no plugin declared it."""


class IMembers(Interface):
    """Members and their accounts."""

    def by_login(login):
        """Return the member of that login, or None."""

    def by_uid(uid):
        """Return the member with that number, or None."""

    def by_address(address):
        """Return the member with that e-mail address, or None."""

    def login_of(uid):
        """Return the login of member *uid*, or None where there is none any more."""

    def add(login, address, password, **details):
        """Make a confirmed account and return its `Member`."""

    def suspend(member):
        """Keep *member* from signing in, and end every session."""

    def taken(login):
        """Tell whether *login* is in use, was ever in use, or may not be used."""


class ISessions(Interface):
    """Sessions of members in browsers (DESIGN 9)."""


class ILimits(Interface):
    """How often a stranger or a member may ask."""

    def hit(name, *keys):
        """Count one more *name* for each key; raise `TooMany` where one is over its limit."""


class IMarkdown(Interface):
    """Markdown as members write it, made into safe HTML."""

    def render(text):
        """Return clean HTML for *text*."""


class IAuthored(Interface):
    """What each member authored anywhere, by id: what an erasure goes through."""

    def add(uid, kind, item):
        """Remember that *uid* authored the thing with the id *item*."""

    def remove(uid, kind, item):
        """Forget it."""


class IErasure(Interface):
    """Erasure of accounts (DESIGN 7)."""

    def start(uid):
        """Write the ledger, close the account and hide all it holds; the rest follows as a job."""
