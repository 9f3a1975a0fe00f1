"""What Markdown says of attachments: ``![words](attachment:<id>)``, ``[words](attachment:<id>)``.

Clean HTML has a link of that scheme, which leads nowhere: `Filling` puts the file in its place
whenever it is shown, to who may read it then.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape
from pyramid.i18n import TranslationStringFactory

from communicate.ids import LENGTH, encode

_ = TranslationStringFactory("communicate")

SIGN = "attachment:"
DRAFTED = "/account/drafts/files"  # what was not sent yet
ID = f"[0-9a-z]{{{LENGTH}}}"
# The exclamation mark is what is left of an image: see `communicate.web.markdown`.
REFERENCE = re.compile(rf'(!?)<a href="attachment:({ID})"(?:[^>"]|"[^"]*")*>(.*?)</a>', re.DOTALL)
WRITTEN = re.compile(rf"\(attachment:({ID})\)")
PICTURE = Markup(
    '<a class="picture" href="{path}"><img src="{path}" alt="{words}" width="{width}" '
    'height="{height}" loading="lazy"></a>'
)
FILE = Markup(
    '<a class="file-link" href="{path}"><i class="bi bi-paperclip" aria-hidden="true"></i> '
    '{words} <span class="quiet">{size}</span></a>'
)


def without(html: str) -> str:
    """Return *html* without what it refers to, for pieces of text."""
    return REFERENCE.sub("", html) if SIGN in html else html


def renumbered(markdown: str, numbers: Mapping[str, str]) -> str:
    """Return *markdown* whose references have the ids that *numbers* gives for theirs."""
    return WRITTEN.sub(lambda found: f"({SIGN}{numbers.get(found[1], found[1])})", markdown)


class Filling:
    """The attachments of one thing, put into its words."""

    def __init__(
        self, service: Any, attached: Iterable[Any], base: str, *, pictures: bool
    ) -> None:
        self.service = service
        self.page = service.request.page
        self.base = base
        self.pictures = pictures
        self.by_name = {encode(each.id): each for each in attached}
        self.left = dict(self.by_name)

    def fill(self, html: Any) -> Markup:
        """Return the clean *html*, filled."""
        filled = REFERENCE.sub(self._reference, str(html))
        rest = [self.shown(each, "") for each in self.left.values()]
        items = Markup("").join(Markup("<li>{}</li>").format(each) for each in rest)
        below = Markup('<ul class="attached">{}</ul>').format(items) if rest else ""
        return Markup(filled) + below  # noqa: S704  # cleaned before, and escaped here

    def _reference(self, found: re.Match[str]) -> str:
        attachment = self.by_name.get(found[2])
        if attachment is None:
            gone = self.page.say(_("file deleted"))
            return f'<span class="file-link quiet">{found[3]} ({escape(gone)})</span>'
        self.left.pop(found[2], None)
        if not found[1] and attachment.is_picture:
            return f'<a class="file-link" href="{self.path(attachment)}">{found[3]}</a>'
        words = Markup(found[3]).striptags()  # noqa: S704  # cleaned before
        return str(self.shown(attachment, words))

    def path(self, attachment: Any) -> str:
        """Return the address of *attachment*."""
        base = DRAFTED if attachment.in_draft else self.base
        return f"{base}/{encode(attachment.id)}"

    def shown(self, attachment: Any, words: str) -> Markup:
        """Return a picture, or a link to a file, called *words* or by its name."""
        words, path = words or self.service.name(attachment), self.path(attachment)
        if attachment.is_picture and self.pictures:
            sides = {"width": attachment.width, "height": attachment.height}
            return PICTURE.format(path=path, words=words, **sides)
        return FILE.format(path=path, words=words, size=self.page.size(attachment.size))
