"""What privacy promises: ask for it with ``request.find_service(IX)``."""

from typing import Any

from zope.interface import Interface


class IConsents(Interface):
    """What members consent to, each purpose by itself; nothing is consented to until given."""

    def given(uid: int, purpose: str) -> bool:
        """Tell whether member *uid* consents to *purpose* now; nobody does to one undeclared."""

    def give(uid: int, purpose: str) -> None:
        """Record that *uid* consents from now on; raise LookupError for what nobody declares."""

    def withdraw(uid: int, purpose: str) -> None:
        """Record that *uid* consents no longer."""

    def history(uid: int) -> list[Any]:
        """Return each act of *uid*, the oldest first: ``purpose``, ``given`` and ``when`` (ms)."""

    def forget(uid: int) -> int:
        """Forget every act of *uid*; return how many there were."""
