"""A French page has no English left in it, and is set as French is."""

import re
from typing import Any

from communicate.plugins import installed

from .conftest import PEOPLE

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
NAMES = r"Rue du Canal|Composteur|Jardin|Dehors|Semis|@example\.org|(canal|ailleurs|loin)\.example"
# The same in both languages.
SHARED = (
    r"#\w+|Actions?|Articles?|"
    r"Code|Cookies?|\d+ minutes?|Pages|Forums?|Description|Messages?|Services|Sessions?|"
    r"Invitations?|Conversations?|Archives|(\d+ )?messages?|Cc|Condition \d+|Notes?|Script|"
    r"[a-z]+(\.[a-z_]+)+|"
    r"IMAP|POP3|SSL/TLS|STARTTLS|Thunderbird|mutt, NeoMutt|port|"
    r"France|Version( \d)?|version [\d.]+|Français|English|Contacts|\d+ contacts?|[A-Z]{2}"
)
LANGUAGES = ("Français", "English")
PLACES = r"(UTC|Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\b.*"
CALLED = "|".join([*PEOPLE, "fanny", "limite", *installed()])
ALLOWED = re.compile(rf"(– )?({SHARED}|{CALLED}|{PLACES}|/[\w/.-]*(, /[\w/.-]*)*|[^A-Za-z]*)(, )?")
# A plain space, or none, before a mark that asks for a narrow or a no-break one; typed quotes.
# Markdown's own ``]:`` is no mark of a sentence.
BAD = re.compile(r"\w ?[;?!]|[^\d\s\u202f\xa0\]] ?:(?!//|\d)| [»:;?!]|« |['\"]")


def is_said(text: str, heard: str) -> bool:
    """Tell whether *text* is made of what people wrote, all of it *heard*, and its language."""
    # What is heard has one plain space between words, whatever was typed there.
    pieces = [" ".join(piece.strip("… ,.–").split()) for piece in text.split(" – ")]
    return all(
        piece and (piece in LANGUAGES or re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", heard))
        for piece in pieces
    )


def words(page: Any, heard: str) -> list[str]:
    """Return what *page* says, what people wrote left out."""
    found: list[str] = page.evaluate(WORDS)
    named = re.compile(NAMES)
    return [text for text in found if not named.search(text) and not is_said(text, heard)]


class TestFrench:
    def test_a_page_is_french_in_words_and_marks(self, see, site, shown):
        pages = [see(shown, language) for language in ("fr", "en")]
        heard = site.heard.text()
        french, english = (words(page, heard) for page in pages)
        both = [text for text in french if text in english and not ALLOWED.fullmatch(text)]
        assert both == [], both
        assert [text for text in french if BAD.search(text)] == []
