"""The sentences of a package, found in its Python files and templates, and what French lacks.

``make translations`` brings the ``.po`` files up to date: new sentences are added empty, those
that are gone are taken out.  The site reads these files as they are; nothing is compiled.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from communicate.web.i18n import LANGUAGES, SOURCE

KEYWORDS: dict[str, None] = {"_": None, "_n": None}
VOID = ("br", "hr", "img", "input", "link", "meta", "area", "col", "source", "wbr")
SPACES = re.compile(r"[ \t\r\n]+")
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
MessageId = str | tuple[str, str]


class Found(NamedTuple):
    """A sentence, and the file and line where it is."""

    message: MessageId
    path: str
    line: int


class TemplateReader(HTMLParser):
    """Collects what a template translates: contents under ``i18n:translate``, and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, int]] = []
        self._open: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element: a sentence of its own, a name within one, or neither."""
        given = dict(attrs)
        self._take_attributes(given)
        if name := given.get("i18n:name"):
            self._add(f"${{{name}}}")
        element = {
            "tag": tag,
            "name": bool(name),
            "line": self.getpos()[0],
            "text": None,
            "id": "",
        }
        if "i18n:translate" in given:
            element |= {"text": [], "id": given["i18n:translate"]}
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read an element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element, and with it the sentence that it holds."""
        while self._open:
            element = self._open.pop()
            if element["text"] is not None:
                text = SPACES.sub(" ", "".join(element["text"])).strip()
                if text:
                    self.found.append((element["id"] or text, element["line"]))
            if element["tag"] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add text to the sentence that is open."""
        self._add(data)

    def _add(self, data: str) -> None:
        for element in reversed(self._open):
            if element["text"] is not None:
                element["text"].append(data)
                return
            if element["name"]:
                return

    def _take_attributes(self, given: dict[str, str | None]) -> None:
        for part in (given.get("i18n:attributes") or "").split(";"):
            name, _, identity = part.strip().partition(" ")
            value = given.get(name)
            if name and value:
                self.found.append((identity.strip() or value, self.getpos()[0]))


def in_template(path: Path) -> Iterator[tuple[MessageId, int]]:
    """Yield each sentence of a template, with its line."""
    reader = TemplateReader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    yield from reader.found


def in_python(path: Path) -> Iterator[tuple[MessageId, int]]:
    """Yield each sentence of a Python file, with its line."""
    with path.open("rb") as source:
        for line, function, message, _comments in extract_python(source, KEYWORDS, (), {}):
            if function == "_n" and isinstance(message, tuple):
                yield (message[0], message[1]), line
            else:
                yield (message if isinstance(message, str) else message[0]), line


def sentences(folder: Path) -> Iterator[Found]:
    """Yield every sentence of the package that lies in *folder*."""
    for path in sorted(folder.rglob("*")):
        readers = {".py": in_python, ".pt": in_template}
        reader = readers.get(path.suffix)
        inner = any(part.startswith("communicate_") for part in path.relative_to(folder).parts)
        if reader is not None and not inner:  # a package made from ours speaks for itself
            for message, line in reader(path):
                if message and all(message):
                    yield Found(message, path.relative_to(folder).as_posix(), line)


def catalog_path(folder: Path, domain: str, language: str) -> Path:
    """Return where the translations of *domain* into *language* are."""
    return folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(path: Path, language: str) -> Catalog:
    """Return the catalog in *path*, empty where there is none."""
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def missing(domain: str) -> list[str]:
    """Return the sentences of the package *domain* that a language other than English lacks."""
    folder = Path(str(files(import_module(domain))))
    lacking = []
    for language in LANGUAGES:
        if language != SOURCE:
            catalog = read_catalog(catalog_path(folder, domain, language), language)
            lacking += [
                f"{language}: {found.message!r} ({found.path}:{found.line})"
                for found in sentences(folder)
                if not is_said(catalog.get(found.message))
            ]
    return lacking


def is_said(message: Message | None) -> bool:
    """Tell whether *message* is translated, in all of its forms."""
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(forms) and all(forms)


def update(folder: Path, domain: str, language: str) -> int:
    """Bring the catalog of *language* up to date; return how many sentences it still lacks."""
    path = catalog_path(folder, domain, language)
    old = read_catalog(path, language)
    new = Catalog(locale=language)
    for found in sentences(folder):
        known = old.get(found.message)
        string = known.string if known is not None else None
        message = new.add(found.message, string, locations=[(found.path, found.line)])
        message.flags.clear()
    write_catalog(path, new)
    return sum(not is_said(message) for message in new if message.id)


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Write *catalog* in the order of its sentences, without dates that change at each run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        header = HEADER.format(language=catalog.locale, plural=catalog.plural_forms)
        target.write(header.encode())
        write_po(
            target, catalog, width=98, omit_header=True, include_lineno=False, sort_output=True
        )


def main(arguments: list[str]) -> int:
    """Update the catalogs of each pair of domain and folder; return 1 where a sentence lacks."""
    lacking = 0
    for domain, folder in zip(arguments[::2], arguments[1::2], strict=True):
        for language in LANGUAGES:
            if language != SOURCE:
                count = update(Path(folder), domain, language)
                sys.stdout.write(f"{domain} {language}: {count} to translate\n")
                lacking += count
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
