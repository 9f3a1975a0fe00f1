"""Style of elements: only what changes how words look, nothing that loads, moves or covers."""

import re

from communicate_email.cleaning.allowed import STYLES

_LONGEST = 4_000
# Neither escapes nor comments, at-rules or addresses; of functions only those of colours.
_VALUE = re.compile(r"[\w\s.,#%'\"()+-]{1,200}")
_FUNCTION = re.compile(r"([\w-]*)\(")
_COLOURS = {"rgb", "rgba", "hsl", "hsla"}
_NEGATIVE = re.compile(r"(?:^|[\s(,])-[.\d]")
_DISPLAYS = {
    "block", "inline", "inline-block", "inline-table", "list-item", "none", "table", "table-cell",
    "table-row",
}  # fmt: skip
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


def loads(style: str) -> bool:
    """Tell whether *style* would load something, as far as it says so."""
    said = style.lower()
    return "url" in said or "image" in said or "\\" in said


def kept(style: str) -> str:
    """Return what of *style* is kept; empty if nothing is."""
    pairs = (piece.partition(":") for piece in style[:_LONGEST].split(";"))
    found = []
    for name, _, value in pairs:
        name, value = name.strip().lower(), _IMPORTANT.sub("", value).strip()
        if name in STYLES and _fits(name, value):
            found.append(f"{name}:{value}")
    return ";".join(found)


def _fits(name: str, value: str) -> bool:
    if not _VALUE.fullmatch(value) or _NEGATIVE.search(value):
        return False
    if any(function.lower() not in _COLOURS for function in _FUNCTION.findall(value)):
        return False
    if value.count('"') % 2 or value.count("'") % 2 or value.count("(") != value.count(")"):
        return False
    return name != "display" or value.lower() in _DISPLAYS
