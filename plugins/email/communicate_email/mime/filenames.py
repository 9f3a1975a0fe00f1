"""Names of attachments, fit to be names of files wherever they are saved."""

import re

# Controls, and signs that turn the direction of writing: ``gpj.exe`` would look like ``exe.jpg``.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_LONGEST = 200


def safe(name: str) -> str:
    """Return *name* without folders, controls or tricks; empty if nothing is left."""
    last = re.split(r"[/\\]", _HIDDEN.sub("", name))[-1].strip().strip(".").strip()
    if len(last) <= _LONGEST:
        return last
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > _LONGEST // 10:
        return last[:_LONGEST]
    return stem[: _LONGEST - len(ending) - 1] + dot + ending
