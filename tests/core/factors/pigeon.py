"""A further way of the second step: a pigeon, whose loft a member may have."""

from typing import Any

from communicate.factors.further import Unsent


class Pigeon:
    """Carries codes to lofts, and remembers them; out of order, it carries nothing."""

    name = "pigeon"
    icon = "send"
    title = "Code by pigeon"
    brief = "Weaker than the others: anybody can catch a pigeon."
    offer = "Send a pigeon"
    weaker = ("Hawks read what pigeons carry.", "A loft can change hands.")
    needs = "Build a loft first."
    setup = "/account/lofts"

    def __init__(self) -> None:
        self.on = True
        self.flies = True
        self.lofts: dict[int, str] = {}
        self.carried: list[tuple[str, str]] = []  # loft, code

    def offered(self, _request: Any) -> bool:
        return self.on

    def mark(self, _request: Any, member: Any) -> bytes | None:
        loft = self.lofts.get(member.uid)
        return None if loft is None else loft.encode()

    def goes(self, _request: Any, member: Any) -> str:
        return f"It flies to a loft that begins with {self.lofts[member.uid][0]}."

    def carry(self, _request: Any, member: Any, code: str, _until: int) -> None:
        if not self.flies:
            raise Unsent
        self.carried.append((self.lofts[member.uid], code))

    @property
    def code(self) -> str:
        """The code that was carried last."""
        return self.carried[-1][1]

    @property
    def wrong(self) -> str:
        """A code that was never carried."""
        known = {code for _loft, code in self.carried}
        return next(code for code in map("{:06}".format, range(99)) if code not in known)
