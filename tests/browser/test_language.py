"""A French page has no English left in it, and is set as French is."""

import re
from typing import Any

from .conftest import CIRCLE, NOTE, PEOPLE, SAID
from .conftest import WORDS as WRITTEN

WORDS = """() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const near = walker.currentNode.parentElement;
        const spoken = ".post-body, .said, .compared, [name=language], [lang]:not(html)";
        if (!near.closest(`code, textarea, script, ${spoken}`)) {
            found.push(walker.currentNode.data);
        }
    }
    for (const one of document.querySelectorAll("*")) {
        for (const name of ["aria-label", "title", "placeholder", "alt"]) {
            if (one.hasAttribute(name)) found.push(one.getAttribute(name));
        }
    }
    return [...new Set(found.map(text => text.trim().replace(/[ \\n]+/g, " ")).filter(Boolean))];
}"""
NAMES = r"Rue du Canal|Composteur|Jardin|Dehors|Semis|@example\.org"
# Of articles and in them; the mark of a footnote.
TITLES = r"chauffage|fenêtres?\b|thermomètre|joint\b|draught|fuites|Laisser|\[\^1\]"
TALKS = r"La serre|composteur\W* en mai|une échelle|voici la liste"  # what members say in lists
# The same in both languages.
SHARED = (
    r"#\w+|Articles?|"
    r"Code|Cookies?|\d+ minutes?|Pages|Forums?|Description|Messages?|Services|Sessions?|"
    r"Invitations?|Conversations?|"
    r"[a-z]+(\.[a-z_]+)+|"
    r"Version( \d)?|version [\d.]+|Français|English|forums|Contacts|\d+ contacts?|[A-Z]{2}"
)
PLACES = r"(UTC|Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\b.*"
CALLED = "|".join([*PEOPLE, "fanny", "limite"])
ALLOWED = re.compile(rf"(– )?({SHARED}|{CALLED}|{PLACES}|/[\w/.-]*|[^A-Za-z]*)(, )?")
# A plain space, or none, before a mark that asks for a narrow or a no-break one; typed quotes.
BAD = re.compile(r"\w ?[;?!]|[^\d\s\u202f\xa0] ?:(?!//|\d)| [»:;?!]|« |['\"]")


def spoken() -> str:
    """Return all that people wrote on these pages, with and without the marks of Markdown."""
    said = [str(value) for given in SAID.values() for value in given.values()]
    text = " ".join([*said, *WRITTEN.values(), CIRCLE, NOTE])
    plain = re.sub(r"\]\([^)]*\)|[*\[\]>]|(?m:^- )", "", text)
    return " ".join([*text.split(), *plain.split()])


SPOKEN = spoken()


def is_said(text: str) -> bool:
    """Tell whether *text* is a piece of what people wrote."""
    bare = text.strip("… ,.–")
    return bool(bare) and re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", SPOKEN) is not None


def words(page: Any) -> list[str]:
    """Return what *page* says, what people wrote left out."""
    found: list[str] = page.evaluate(WORDS)
    named = re.compile(f"{NAMES}|{TALKS}|{TITLES}")
    return [text for text in found if not named.search(text) and not is_said(text)]


class TestFrench:
    def test_a_page_is_french_in_words_and_marks(self, visit, site, shown):
        french = words(shown.open(visit("fr", shown.login), site))
        english = words(shown.open(visit("en", shown.login), site))
        both = [text for text in french if text in english and not ALLOWED.fullmatch(text)]
        assert both == [], both
        assert [text for text in french if BAD.search(text)] == []
