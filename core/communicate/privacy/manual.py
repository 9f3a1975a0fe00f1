"""Core's pages of help, one file for each language."""

from functools import lru_cache
from importlib.resources import files

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage
from communicate.web.i18n import LANGUAGES

_ = TranslationStringFactory("communicate")

TITLES = {"security": _("Keep your computer and your account safe")}


@lru_cache(1)
def pages() -> list[HelpPage]:
    """Return the pages of help that core brings."""
    return [
        HelpPage(name, title, {language: text(name, language) for language in LANGUAGES})
        for name, title in TITLES.items()
    ]


def text(name: str, language: str) -> str:
    """Return the Markdown of our own page *name*."""
    path = files("communicate").joinpath("pages", language, f"{name}.md")
    return path.read_text(encoding="utf-8")
