"""What live updates promise to whoever has something to tell."""

from collections.abc import Iterable

from zope.interface import Interface


class ILive(Interface):
    """Open pages of members are told that something is new for them: ids only, never words."""

    def tell(uids: Iterable[int], what: str, number: int) -> None:
        """Send ``{"what": what, "id": <number as in addresses>}`` to members *uids*.

        It goes out once the transaction of the request has committed, and never if it does not.
        *what* names the kind, ``<plugin>.<kind>``: 1 to 40 of a-z, 0-9, full stop, hyphen and
        underscore, beginning with a letter; raise ValueError for anything else.  Tell only whom
        it concerns: nothing is asked about rights here, the page that fetches the thing is.
        Where nobody listens, nothing happens; the same thing told twice goes out once.

        A page receives it as the event ``communicate:live`` on ``document``, with ``detail.what``
        and ``detail.id``.  After a gap it gets the kind ``again`` with no id: something may have
        been missed, so that whatever it shows is fetched anew.
        """
