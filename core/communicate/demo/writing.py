"""Sentences with places in them, filled in from lists of words: what a demo is written with.

``{place}`` is filled from the list ``place``, ``{Place}`` with a capital.  An item may have
several forms with ``|`` between them, ``une échelle|l’échelle``: ``{place.2}`` is the second.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import Any

PLACE = re.compile(r"\{(\w+)(?:\.(\d))?\}")
THIN, WIDE = "\u202f", "\u00a0"  # spaces that do not break, as French is printed
START = re.compile(r"^\w|(?<=[.!?] )\w")  # of a sentence
DEPTH = 4  # places in what fills a place

Lists = Mapping[str, Sequence[str]]


def read(package: str, name: str) -> dict[str, Any]:
    """Return what the file ``words/<name>.toml`` of *package* says."""
    return tomllib.loads((files(package) / "words" / f"{name}.toml").read_text(encoding="utf-8"))


class Writer:
    """Fills sentences in *language*: from *lists* anew each time, from *once* always the same."""

    def __init__(
        self, random: Random, language: str, lists: Lists, once: Lists | None = None
    ) -> None:
        self.random = random
        self.language = language
        self.lists = lists
        self.kept = {name: random.choice(items) for name, items in (once or {}).items()}

    def keeping(self, lists: Lists, once: Lists, **words: str) -> "Writer":
        """Return one that has these lists, too, and has chosen from *once*; *words* are kept."""
        writer = Writer(self.random, self.language, {**self.lists, **lists}, once)
        writer.kept.update(words)
        return writer

    def fill(self, text: str, **words: str) -> str:
        """Return *text* with its places filled, from *words* first."""
        for _depth in range(DEPTH):
            if "{" not in text:
                break
            text = PLACE.sub(lambda found: self._word(found[1], found[2], words), text)
        text = START.sub(lambda found: found[0].upper(), text)
        return printed(text) if self.language == "fr" else text

    def choose(self, texts: Sequence[str], **words: str) -> str:
        """Return one of *texts*, filled."""
        return self.fill(self.random.choice(texts), **words)

    def _word(self, name: str, form: str | None, words: Mapping[str, str]) -> str:
        low = name[0].lower() + name[1:]
        item = words.get(low) or self.kept.get(low) or self.random.choice(self.lists[low])
        forms = item.split("|")
        word = forms[min(int(form or 1), len(forms)) - 1]
        return word if low == name else word[:1].upper() + word[1:]


def printed(text: str) -> str:
    """Return French *text* with the spaces that its punctuation asks for."""
    text = re.sub(r" ([;?!])", rf"{THIN}\1", text)
    text = re.sub(r" :(?=\s|$)", f"{WIDE}:", text, flags=re.MULTILINE)
    return text.replace("« ", f"«{WIDE}").replace(" »", f"{WIDE}»")
