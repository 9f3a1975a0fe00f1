"""What the services of e-mail promise: ask with ``request.find_service(IX)``.

Whoever calls has asked ``permits``: pages, gateways and jobs call the same services.
"""

from zope.interface import Interface


class IAddresses(Interface):
    """Whose an address is, and who may write from it."""

    def is_local(domain):
        """Tell whether mail for *domain* is kept here."""

    def route(address):
        """Return the `communicate_email.letters.Route` of *address*, or None.

        Logins, their sub-addresses (``login+detail@``), aliases and the catch-all of a domain.
        """

    def of(uid):
        """Return the addresses of member *uid*, their main one first."""

    def may_send(uid, address):
        """Tell whether member *uid* may write from *address*."""

    def aliases(uid):
        """Return the further addresses of member *uid*, each an ``Alias`` with its name."""

    def add_alias(uid, name):
        """Give member *uid* that name at each domain; raise Refused with the cure."""

    def add_disposable(uid, note, expires):
        """Give member *uid* a random address with a note; raise Refused."""

    def set_closed(uid, number, closed):
        """Have an address take nothing any more, or take mail again; tell whether it is there."""

    def remove(uid, number):
        """Take an address away for good: nobody has it again; for a while `restore` does."""


class IDelivery(Interface):
    """Letters into mailboxes."""

    def deliver(letter, recipients):
        """Store *letter* for each of *recipients*, after their filters.

        Return a dict of each to its `communicate_email.letters.Outcome`; all in the transaction
        of the caller: it is kept once that is committed.
        """


class IMailStore(Interface):
    """What a member has of mail, and what is done with it: whoever asks has asked `permits`.

    ``box`` is a `communicate_email.content.Mailbox`, whose ``__parent__`` is the account; uids are
    numbers, flags bits (`communicate_email.store.rows`), times milliseconds since 1970.  Each call
    is one change of a mailbox in the transaction of the caller, however many messages it concerns.
    """

    def account(uid):
        """Return the `communicate_email.content.Account` of member *uid*, or None so far."""

    def opened(uid):
        """Return the account of member *uid*, made with its folders; raise KeyError."""

    def boxes(account):
        """Return `communicate_email.store.boxes.Boxes`: folders found, made, renamed."""

    def flags(account):
        """Return `communicate_email.store.flags.Flags`: flags by name."""

    def labels(account):
        """Return `communicate_email.store.labels.Labels`: labels by name and by keyword."""

    def steps(account):
        """Return `communicate_email.store.steps.Steps`: the last step, and how it is undone."""

    def reading(account):
        """Return `communicate_email.store.reading.Reading`: lists, messages, searches, threads."""

    def filters(account):
        """Return `communicate_email.store.filtering.Filtering`: the script, and what it does."""

    def pictures(account):
        """Return `communicate_email.store.pictures.Pictures`: whose are loaded unasked."""

    def append(box, messages):
        """Put *messages*, each an ``Incoming``, into *box*, all or none; return their uids."""

    def flag(box, uids, flags, how="add", *, unchanged_since=None):
        """Add, remove or replace *flags*; return what is different now, and what had changed."""

    def copy(box, uids, target):
        """Have messages in *target* too; return a dict of uids to uids there."""

    def move(box, uids, target):
        """Have messages in *target* instead; return a dict of uids to uids there."""

    def expunge(box, uids=None):
        r"""Destroy messages for good, None: those that are \Deleted; return their uids."""

    def throw_away(box, uids):
        """Put messages into the trash, and destroy those that are there already."""

    def remove_box(box):
        """Destroy *box* and its messages; raise Refused where it is needed or holds others."""


class ISending(Interface):
    """Letters of members and notices, on their way."""

    def send(letter, recipients, *, after=0):
        """Deliver *letter* to those of *recipients* whose mail is kept here, queue it for others.

        *after* is how many seconds it may be taken back.  Return the id of what is queued.
        Raise `communicate_email.errors.Refused` with a sentence for the member as its ``reason``,
        `communicate.quota.QuotaExceeded` where there is no room for what waits.
        """

    def check_recipient(address):
        """Tell whether the mail of *address* is kept here; raise Refused where none reaches it."""

    def take_back(uid, number):
        """Drop what member *uid* had queued under *number*; tell whether it was still there."""
