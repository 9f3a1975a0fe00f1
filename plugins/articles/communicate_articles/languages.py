"""Languages in which articles are written: BCP 47 tags, each called by its own name."""

from functools import cache

from babel import Locale

TAGS = (
    *("fr", "en", "br", "eu", "ca", "co", "oc", "ar", "cs", "da", "de", "el", "es", "fi"),
    *("he", "hi", "hu", "it", "ja", "ko", "lb", "nb", "nl", "pl", "pt", "ro", "ru", "sv"),
    *("tr", "uk", "vi", "zh"),
)
RIGHT_TO_LEFT = frozenset({"ar", "he"})


def name_of(tag: str) -> str:
    """Return what the language *tag* calls itself, the tag itself where nobody knows."""
    found = Locale.parse(tag).get_display_name(tag) if tag in TAGS else None
    return found[:1].upper() + found[1:] if found else tag


@cache
def names() -> dict[str, str]:
    """Return what each language calls itself; the first time this opens a file for each."""
    return {tag: name_of(tag) for tag in TAGS}


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of an element whose words are in the language *tag*."""
    if not tag:
        return {}
    return {"lang": tag, "dir": "rtl"} if tag in RIGHT_TO_LEFT else {"lang": tag}
