"""What is found when the DNS of a domain is looked at."""

from dataclasses import dataclass

GOOD, WRONG, ADVICE, UNKNOWN = "good", "wrong", "advice", "unknown"


@dataclass(frozen=True)
class Finding:
    """What was found about one *subject*: GOOD, WRONG, ADVICE or UNKNOWN, and the cure."""

    subject: str
    state: str
    text: str
    lines: tuple[str, ...] = ()
