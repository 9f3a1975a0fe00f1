"""Labels: keywords as members see them, with a name of any letters and one of a few colours.

A keyword is what programs know (RFC 9051: signs of ASCII); what it is called and which colour it
has is the member's, sealed.  A name leads to its keyword, made of its letters where there is none.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email.content import Account
from communicate_email.errors import Refused
from communicate_email.store import rows as rowing
from communicate_email.store.flags import KNOWN, MOST, Flags

_ = TranslationStringFactory("communicate_email")

LABELS = "email.labels"
LONGEST = 60  # characters of a name
COLOURS = ("blue", "turquoise", "green", "yellow", "orange", "red", "pink", "violet")
_PROGRAMS = {  # their notes: mutt says "Old" of what was not read when it was seen
    "nonjunk",
    "junk",
    "notjunk",
    "forwarded",
    "old",
    "receipt-handled",
    "redirected",
}
_THUNDERBIRD = {  # what it calls these keywords, and shows them as
    "$label1": (_("Important"), "red"),
    "$label2": (_("Work"), "orange"),
    "$label3": (_("Personal"), "green"),
    "$label4": (_("To do"), "blue"),
    "$label5": (_("Later"), "violet"),
}
_NO_ATOM = re.compile(r"[^A-Za-z0-9_.&+#'~!-]+")


class Label(NamedTuple):
    """A label of a member."""

    keyword: str
    bit: int
    name: str
    colour: str

    @property
    def number(self) -> int:
        """By which pages name it: addresses hold no words of anybody."""
        return self.bit.bit_length() - 1


class Labels:
    """The labels of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.flags = Flags(request, account)
        self._all: list[Label] | None = None

    @property
    def all(self) -> list[Label]:
        """The labels, by name."""
        if self._all is None:
            said = self._said()
            found = [
                self._label(keyword, at, said.get(keyword.lower()))
                for at, keyword in enumerate(self.flags.own)
                if keyword and (keyword.lower() in said or is_label(keyword))
            ]
            self._all = sorted(found, key=lambda one: (one.name.casefold(), one.keyword))
        return self._all

    def of(self, flags: int) -> list[Label]:
        """Return the labels that are set in *flags*, by name."""
        if not flags >> rowing.FIRST_KEYWORD:
            return []
        return [one for one in self.all if one.bit & flags]

    def by_keyword(self, keyword: str) -> Label | None:
        """Return the label whose keyword that is, in any case."""
        return next((one for one in self.all if one.keyword.lower() == keyword.lower()), None)

    def by_number(self, text: Any) -> Label | None:
        """Return the label whose number *text* writes."""
        return next((one for one in self.all if str(one.number) == text), None)

    def by_name(self, name: str) -> Label | None:
        """Return the label that is called *name*, in any case."""
        wanted = normal(name).casefold()
        return next((one for one in self.all if one.name.casefold() == wanted), None)

    def make(self, name: str, colour: str = "") -> Label:
        """Make the label *name*; raise Refused."""
        name = self._free(name)
        keyword = self._keyword_for(name)
        self.flags.bits([keyword])
        self._write(keyword, name, colour or COLOURS[len(self.all) % len(COLOURS)])
        return self._found(keyword)

    def named(self, name: str) -> Label:
        """Return the label that is called *name*, or whose keyword that is, made where none is."""
        return self.by_name(name) or self.by_keyword(name) or self.make(name)

    def change(self, label: Label, name: str, colour: str) -> Label:
        """Give *label* another name and colour; raise Refused.  Its keyword stays."""
        if normal(name).casefold() != label.name.casefold():
            name = self._free(name)
        self._write(label.keyword, normal(name), colour)
        return self._found(label.keyword)

    def bring_back(self, keyword: str, name: str, colour: str) -> None:
        """Have *keyword* again as an archive tells of it; raise Refused."""
        self.flags.bits([keyword])
        if name:
            self._write(keyword, normal(name)[:LONGEST], colour)
        self._all = None

    def forget(self, label: Label) -> None:
        """Forget *label*, which no message has any more."""
        self.flags.forget(label.keyword)
        said = self._said()
        said.pop(label.keyword.lower(), None)
        self._seal(said)

    def chosen(self, keyword: str) -> tuple[str, str]:
        """Return the name and the colour that the member gave to *keyword*, empty without any."""
        name, colour = self._said().get(keyword.lower(), ("", ""))
        return name, colour

    def _label(self, keyword: str, at: int, said: list[str] | None) -> Label:
        bit = 1 << (rowing.FIRST_KEYWORD + at)
        if said:
            return Label(keyword, bit, *said)
        known = _THUNDERBIRD.get(keyword.lower())
        if known:
            name = str(self.request.localizer.translate(known[0]))
            return Label(keyword, bit, name, known[1])
        return Label(keyword, bit, keyword.replace("_", " "), COLOURS[at % len(COLOURS)])

    def _found(self, keyword: str) -> Label:
        self._all = None
        found = self.by_keyword(keyword)
        if found is None:
            raise KeyError(keyword)
        return found

    def _free(self, name: str) -> str:
        name = normal(name)
        if not name or len(name) > LONGEST:
            raise Refused(
                _(
                    "Write a name for the label, of at most ${most} letters.",
                    mapping={"most": LONGEST},
                )
            )
        if self.by_name(name) is not None:
            raise Refused(_("There is a label of that name. Choose another one."))
        if len([one for one in self.flags.own if one]) >= MOST:
            raise Refused(_("You have as many labels as there may be. Delete one first."))
        return name

    def _keyword_for(self, name: str) -> str:
        """Return a keyword that looks like *name*, and that nothing has yet."""
        taken = {one.lower() for one in self.flags.own} | set(KNOWN) | _PROGRAMS
        base = atom(name)
        names = (base, *(f"{base}-{number}" for number in range(2, MOST + 3)))
        return next(one for one in names if one.lower() not in taken)

    def _said(self) -> dict[str, list[str]]:
        sealed = self.account.labels
        if sealed is None:
            return {}
        found: dict[str, list[str]] = json.loads(self.flags.seals.text(sealed) or "{}")
        return found

    def _write(self, keyword: str, name: str, colour: str) -> None:
        said = self._said()
        said[keyword.lower()] = [name, colour if colour in COLOURS else COLOURS[0]]
        self._seal(said)

    def _seal(self, said: dict[str, list[str]]) -> None:
        self.account.labels = self.flags.seals.seal(
            self.flags.uid, LABELS, json.dumps(said, ensure_ascii=False)
        )
        self._all = None


def is_label(keyword: str) -> bool:
    """Tell whether *keyword* is a label without a name of its own: no note of a program."""
    lower = keyword.lower()
    return lower in _THUNDERBIRD or not (lower.startswith("$") or lower in _PROGRAMS)


def normal(name: str) -> str:
    """Return *name* as it is kept: without signs that cannot be seen, blanks in their place."""
    seen = "".join(
        one if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for one in unicodedata.normalize("NFC", name)
    )
    return " ".join(seen.split())


def atom(name: str) -> str:
    """Return *name* as a keyword: letters of ASCII for those that have one behind them."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NO_ATOM.sub("_", bare).strip("_")[:50] or "label"


def bits_of(labels: Labels, names: Iterable[str]) -> int:
    """Return labels of those *names* as bits; what cannot be one is left out."""
    bits = 0
    for name in names:
        try:
            # What begins so is a note of a program, and keeps its name.
            bits |= labels.flags.bits([name]) if name.startswith("$") else labels.named(name).bit
        except Refused:
            continue
    return bits
