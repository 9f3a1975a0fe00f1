"""What became of a try to hand a letter over, for each of those it goes to."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """Why somebody did not get a letter.

    *status* is an enhanced status code (RFC 3463), *said* what the machine *host* answered, with
    its code; *why* is in our own words, and names nobody.
    """

    status: str
    why: str
    said: str = ""
    host: str = ""


@dataclass
class Result:
    """Who has the letter, who will never have it, and who may have it later."""

    sent: list[str] = field(default_factory=list)
    failed: dict[str, Refusal] = field(default_factory=dict)
    later: dict[str, Refusal] = field(default_factory=dict)

    @classmethod
    def all_later(cls, recipients: tuple[str, ...], refusal: Refusal) -> "Result":
        """Return that nobody has it yet."""
        return cls(later=dict.fromkeys(recipients, refusal))

    @classmethod
    def all_failed(cls, recipients: tuple[str, ...], refusal: Refusal) -> "Result":
        """Return that nobody will ever have it."""
        return cls(failed=dict.fromkeys(recipients, refusal))


def answered(code: int, text: str, host: str, what: str) -> Refusal:
    """Return why a machine refused, from the answer *code* *text* to *what*.

    What is no letter or sign of any script, as octets that are no UTF-8, becomes ``?``.
    """
    said = "".join(c if c.isprintable() else "?" for c in " ".join(f"{code} {text}".split()))
    word = text.split(" ", 1)[0]
    digits = word.split(".")
    fits = len(digits) == 3 and all(d.isdecimal() and len(d) <= 3 for d in digits)
    status = word if fits and digits[0] == str(code)[0] else f"{str(code)[0]}.0.0"
    return Refusal(status, f"{what} was answered with {code} {status}", said[:500], host)
