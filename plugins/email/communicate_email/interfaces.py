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


class IDelivery(Interface):
    """Letters into mailboxes."""

    def deliver(letter, recipients):
        """Store *letter* for each of *recipients*, after their filters.

        Return a dict of each to its `communicate_email.letters.Outcome`; all in the transaction
        of the caller: it is kept once that is committed.
        """


class ISending(Interface):
    """Letters of members and notices, on their way."""

    def send(letter, recipients, *, after=0):
        """Deliver *letter* to those of *recipients* whose mail is kept here, queue it for others.

        *after* is how many seconds it may be taken back.  Return the id of what is queued.
        Raise `communicate_email.errors.Refused` with a sentence for the member as its ``reason``.
        """

    def check_recipient(address):
        """Tell whether the mail of *address* is kept here; raise Refused where none reaches it."""

    def take_back(uid, number):
        """Drop what member *uid* had queued under *number*; tell whether it was still there."""
