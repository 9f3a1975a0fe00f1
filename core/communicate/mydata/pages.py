"""The readable side of an archive: pages without a script, without anything from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from pyramid.i18n import TranslationStringFactory

from communicate.web.formats import Formats
from communicate.web.marks import AUDIENCES

_ = TranslationStringFactory("communicate")

ROWS, LETTERS = 200, 256 * 1024  # of one page
SHEET = "pages/style.css"
PICTURES = (".webp", ".jpg", ".jpeg", ".png", ".gif", ".avif")
PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="{sheet}"></head>
<body>{body}</body></html>
"""


class Kept(str):
    """The name of a file in the archive."""

    __slots__ = ()


class Words:
    """How the pages speak: the language and the time zone of their member."""

    def __init__(self, formats: Formats) -> None:
        self.formats = formats
        self.lang = formats.localizer.locale_name

    def say(self, message: Any, **mapping: Any) -> str:
        """Return *message* translated."""
        return str(self.formats.localizer.translate(message, mapping=mapping or None))

    def html(self, value: Any) -> str:
        """Return *value*, of a record, as HTML."""
        if isinstance(value, Kept):
            return self._file(value)
        if isinstance(value, str):
            return f'<div class="text">{escape(value)}</div>' if "\n" in value else escape(value)
        if isinstance(value, bool):
            return escape(self.say(_("yes") if value else _("no")))
        if isinstance(value, datetime):
            return (
                f'<time datetime="{value.isoformat()}">{escape(self.formats.exact(value))}</time>'
            )
        if isinstance(value, date):
            return escape(self.formats.day(value))
        if isinstance(value, Mapping):
            return self.listed(value.items())
        if isinstance(value, list | tuple):
            return f"<ul>{''.join(f'<li>{self.html(each)}</li>' for each in value)}</ul>"
        return escape(str(value))

    def listed(self, pairs: Iterable[tuple[str, Any]]) -> str:
        """Return a list of names and values; what is empty is left out."""
        shown = (
            f"<dt>{escape(name)}</dt><dd>{self.html(value)}</dd>"
            for name, value in pairs
            if value not in (None, "", [], {}, ())
        )
        return f"<dl>{''.join(shown)}</dl>"

    def _file(self, name: Kept) -> str:
        address = escape(f"../{quote(name)}")
        if name.lower().endswith(PICTURES):
            return f'<img src="{address}" alt="">'
        return f'<a href="{address}">{escape(name.rpartition("/")[2])}</a>'

    def page(self, title: str, body: str, sheet: str) -> str:
        """Return a whole page."""
        return PAGE.format(lang=self.lang, title=escape(title), body=body, sheet=sheet)

    def front(self, manifest: Any) -> Iterator[tuple[str, str]]:
        """Yield path and text of the first page, and of the one sheet of style."""
        yield (
            SHEET,
            files("communicate.mydata").joinpath("templates/archive.css").read_text("utf-8"),
        )
        title = self.say(_("What ${site} holds about ${login}"),
                         site=manifest.site, login=manifest.login)  # fmt: skip
        yield "index.html", self.page(title, self._front(title, manifest), SHEET)

    def _front(self, title: str, manifest: Any) -> str:
        made = self.formats.exact(datetime.fromisoformat(manifest.made))
        as_of = self.say(_("As of ${when}."), when=made)
        programs = self.say(_("For programs: manifest.json and data."))
        parts = [
            f"<h1>{escape(title)}</h1><p>{escape(as_of)}</p>",
            self._failures(manifest),
            self._contents(_("What you own"), manifest, owned=True),
            self._contents(_("Your part in what others own, for reading"), manifest, owned=False),
            f"<p>{escape(programs)}</p>",
        ]
        return f"<main>{''.join(parts)}</main>"

    def _contents(self, title: Any, manifest: Any, *, owned: bool) -> str:
        rows = [
            f'<li><a href="{document.page}">'
            f"{escape(document.title)}</a> <span>{self.formats.number(document.count)}</span></li>"
            for document in manifest.documents
            if document.owned == owned and document.count
        ]
        rows += [
            f'<li><a href="{escape(quote(path))}">{escape(path.rpartition("/")[2])}</a></li>'
            for path in (manifest.mail if owned else ())
        ]
        if not rows:
            return ""
        return f"<h2>{escape(self.say(title))}</h2><ul class='toc'>{''.join(rows)}</ul>"

    def _failures(self, manifest: Any) -> str:
        failed = [part for part in manifest.parts if part.state == "failed"]
        if not failed and not manifest.incomplete:
            return ""
        names = self.formats.list([part.name for part in failed] or manifest.incomplete[:3])
        sentence = self.say(
            _("Not all of it could be written: ${names}. Ask the operators, then export again."),
            names=names,
        )
        return f"<p class='bad'>{escape(sentence)}</p>"


class Book:
    """The pages of one document, each given out when it is full."""

    def __init__(
        self,
        words: Words,
        name: str,
        title: Any,
        owned: bool,
        fields: Mapping[str, Any] | None,
    ) -> None:
        self._words, self._name = words, name
        self.title = words.say(title)
        self._owned = owned
        self._fields = (
            None if fields is None else [(key, words.say(fields[key])) for key in fields]
        )
        self._rows: list[str] = []
        self._size = 0
        self._number = 1

    def add(self, row: Mapping[str, Any], number: int) -> None:
        """Put the record *row*, the *number*-th, on the page."""
        pairs: Iterable[tuple[str, Any]] = (
            row.items()
            if self._fields is None
            else [(label, self._shown(key, row.get(key))) for key, label in self._fields]
        )
        html = f'<article id="n{number}">{self._words.listed(pairs)}</article>\n'
        self._rows.append(html)
        self._size += len(html)

    def _shown(self, key: str, value: Any) -> Any:
        if key == "audience" and isinstance(value, str) and value in AUDIENCES:
            return self._words.say(AUDIENCES[value][1])
        return value

    @property
    def is_full(self) -> bool:
        """Whether the page is long enough."""
        return len(self._rows) >= ROWS or self._size >= LETTERS

    def path(self, number: int) -> str:
        """Return the name of the *number*-th page."""
        return f"pages/{self._name}-{number}.html"

    def page(self, *, more: bool = False) -> tuple[str, str] | None:
        """Return path and HTML of the page, and begin the next; None where nothing is on it."""
        if not self._rows:
            return None
        body = f"{self._head()}<main>{''.join(self._rows)}</main>{self._foot(more)}"
        html = self._words.page(self.title, body, SHEET.rpartition("/")[2])
        path = self.path(self._number)
        self._rows, self._size = [], 0
        self._number += 1
        return path, html

    def _head(self) -> str:
        home = escape(self._words.say(_("Contents")))
        note = "" if self._owned else self._words.say(_("Owned by others: for reading."))
        return (
            f'<header><a href="../index.html">{home}</a>'
            f"<h1>{escape(self.title)}</h1><p>{escape(note)}</p></header>"
        )

    def _foot(self, more: bool) -> str:
        links = []
        if self._number > 1:
            links.append(self._link(self._number - 1, _("Previous page")))
        if more:
            links.append(self._link(self._number + 1, _("Next page")))
        return f"<nav>{' '.join(links)}</nav>"

    def _link(self, number: int, word: Any) -> str:
        return f'<a href="{self._name}-{number}.html">{escape(self._words.say(word))}</a>'
