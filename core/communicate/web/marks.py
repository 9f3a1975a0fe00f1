"""Small pieces of HTML that every service shows alike: icons, avatars, badges, pagers."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from zlib import crc32

from markupsafe import Markup, escape
from pyramid.i18n import Localizer, TranslationStringFactory

_ = TranslationStringFactory("communicate")

HUES = 8
VISIBLE_TO = _("Visible to:")
# Level: icon, the word of the badge, the sentence of the picker.
AUDIENCES: dict[str, tuple[str, Any, Any]] = {
    "private": ("lock-fill", _("Only me"), _("Nobody but you.")),
    "contacts": ("people-fill", _("My contacts"), _("The people whom you both agreed to know.")),
    "chosen": (
        "person-check-fill",
        _("Chosen people"),
        _("The people and circles that you name."),
    ),
    "members": ("house-door-fill", _("Members"), _("Everybody who has an account here.")),
    "public": ("globe2", _("Everyone"), _("Strangers and search engines too.")),
}


@lru_cache(256)
def icon(name: str) -> Markup:
    """Return the icon *name* of Bootstrap Icons, hidden from screen readers."""
    return Markup('<i class="bi bi-{}" aria-hidden="true"></i>').format(name)


def initials(login: str) -> str:
    """Return one or two capitals for *login*: those of its first two words."""
    words = "".join(char if char.isalnum() else " " for char in login).split()
    letters = [word[0] for word in words[:2]] or ["?"]
    if len(letters) == 1 and words:
        letters = list(words[0][:2])
    return "".join(letters).upper()


@lru_cache(2048)
def avatar(login: str, size: str) -> Markup:
    """Return a round mark with the initials of *login* on a colour that stays the same."""
    hue = crc32(login.encode()) % HUES + 1
    css = f"av av-{size}" if size else "av"
    return Markup('<span class="{} hue-{}" aria-hidden="true">{}</span>').format(
        css, hue, initials(login)
    )


@lru_cache(2048)
def portrait(address: str, size: str) -> Markup:
    """Return the small picture at *address*, as round as the initials whose place it takes."""
    css = f"av av-{size}" if size else "av"
    return Markup('<img class="{}" src="{}" alt="" width="96" height="96">').format(css, address)


@lru_cache(64)
def badge(level: str, localizer: Localizer) -> Markup:
    """Return the badge of an audience: an icon and a word, never a colour alone."""
    name, word, _sentence = AUDIENCES[level]
    return Markup(
        '<span class="aud is-{}">{}<span class="visually-hidden">{} </span>{}</span>'
    ).format(
        level,
        icon(name),
        localizer.translate(VISIBLE_TO),
        localizer.translate(word),
    )


def audience_button(
    level: str, label: str, address: str, back: str, localizer: Localizer
) -> Markup:
    """Return the badge as a button: it opens the picker at *address*, and leads *back* then.

    It belongs to the one empty form of the layout, so that it works wherever it stands.
    """
    return Markup(
        '<button class="aud is-{}" type="submit" form="visible-to" formaction="{}" name="back" '
        'value="{}">{}<span class="visually-hidden">{} </span>{}</button>'
    ).format(
        level, address, back, icon(AUDIENCES[level][0]), localizer.translate(VISIBLE_TO), label
    )


@lru_cache(2048)
def author(css: str, url: str, login: str) -> Markup:
    """Return the link to a member's space."""
    return Markup('<a class="{}" href="{}">{}</a>').format(css, url, login)


@lru_cache(64)
def nobody(css: str, localizer: Localizer) -> Markup:
    """Return what stands for an author whose account is gone."""
    return Markup('<span class="{} quiet">{}</span>').format(
        css, localizer.translate(_("a former member"))
    )


def pager(newer: str | None, older: str | None, localizer: Localizer) -> Markup:
    """Return a navigation with the links that there are, or nothing."""
    if not newer and not older:
        return Markup("")
    start, between, end = _pager(bool(newer), bool(older), localizer)
    first, last = escape(newer or ""), escape(older or "")
    return Markup(f"{start}{first}{between}{last}{end}")  # noqa: S704  # from `_pager`, escaped


@lru_cache(64)
def _pager(newer: bool, older: bool, localizer: Localizer) -> tuple[str, str, str]:
    """Return what stands before, between and after the two addresses of a pager."""
    mark = Markup("\ue000")  # of Unicode's private use area
    link = Markup('<a class="btn btn-plain" rel="{}" href="{}">{}{}{}</a>')
    back, forth = (localizer.translate(word) for word in (_("Previous page"), _("Next page")))
    before = link.format("prev", mark, icon("arrow-left"), back, "") if newer else mark
    after = link.format("next", mark, "", forth, icon("arrow-right")) if older else mark
    made = Markup('<nav class="bar pager mt-3" aria-label="{}">{}{}</nav>').format(
        localizer.translate(_("Pages")), before, after
    )
    start, between, end = str(made).split(mark)
    return start, between, end


@lru_cache(1)
def software_version() -> str:
    """Return the version of the installed software, or a word where it is not installed."""
    try:
        return version("communicate")
    except PackageNotFoundError:
        return "dev"
