"""What became of the files of an import, to be shown, and to be kept until it is."""

import json
from dataclasses import dataclass, field
from typing import Any

from pyramid.i18n import TranslationString

NEW, CHANGED, SAME = "new", "changed", "same"
SHOWN = 500  # sentences about files that are kept


@dataclass
class Outcome:
    """What an import did: how many files of each kind, and what is wrong with the others."""

    counts: dict[str, int] = field(default_factory=lambda: {NEW: 0, CHANGED: 0, SAME: 0})
    pictures: int = 0
    wrong: list[tuple[str, Any]] = field(default_factory=list)  # name of a file, a sentence
    remarks: list[tuple[str, Any]] = field(default_factory=list)  # of a file: of a picture, too


def as_text(outcome: Outcome) -> str:
    """Return *outcome* as text: its sentences are translated when they are shown."""
    return json.dumps(
        {
            "counts": outcome.counts,
            "pictures": outcome.pictures,
            "wrong": [_row(*one) for one in outcome.wrong[:SHOWN]],
            "remarks": [_row(*one) for one in outcome.remarks[:SHOWN]],
        }
    )


def _row(name: str, reason: Any) -> list[Any]:
    domain = getattr(reason, "domain", None) or "communicate_articles"
    return [name, domain, str(reason), dict(getattr(reason, "mapping", None) or {})]


def from_text(text: str) -> Outcome:
    """Return the outcome of which `as_text` made *text*."""
    kept = json.loads(text)
    wrong, remarks = (
        [(name, _said(*of)) for name, *of in kept[key]] for key in ("wrong", "remarks")
    )
    return Outcome(kept["counts"], kept["pictures"], wrong, remarks)


def _said(domain: str, words: str, mapping: dict[str, Any]) -> TranslationString:
    return TranslationString(words, domain=domain, mapping=mapping)
