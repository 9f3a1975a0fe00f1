"""Find out what a site offers: its pages, its forms, and the names that its queries know."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from communicate.testing.wire import Reply, Wire

SKIPPED = ("/static/",)
ID = re.compile(r"[0-9a-hjkmnp-tv-z]{13}(?:-[\w-]*)?")
QUERY = re.compile(
    r'GET(?:\.get|\.getall)?[\[(]\s*"(\w+)"|"(\w+)" in request\.GET|asked\(request, "(\w+)"\)'
)


@dataclass
class FormField:
    """One control: its name, its kind (an input's type, ``textarea``, ``select``, ``button``)."""

    name: str
    kind: str
    value: str = ""


@dataclass
class Form:
    """One form as a page shows it: where it was found, where it goes, and its controls."""

    page: str
    action: str
    method: str
    multipart: bool = False
    fields: list[FormField] = field(default_factory=list)

    @property
    def shape(self) -> tuple[Any, ...]:
        """What tells one kind of form from another: ids and slugs in its address do not."""
        return (self.method, shape(self.action), *sorted({one.name for one in self.fields}))

    def values(self) -> list[tuple[str, str]]:
        """Return what a browser sends when the first button is pressed."""
        buttons = [one for one in self.fields if one.kind == "button"][:1]
        return [
            (one.name, one.value) for one in self.fields if one.kind != "button" or one in buttons
        ]


class PageReader(HTMLParser):
    """Collects the links and the forms of one page."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.control: FormField | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a link, or a part of a form."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            multipart = "multipart" in given.get("enctype", "")
            method = given.get("method", "get").upper()
            self.inside = Form(self.address, action, method, multipart)
            self.forms.append(self.inside)
        elif self.inside is not None:
            self._take_control(tag, given)

    def _take_control(self, tag: str, given: dict[str, str]) -> None:
        assert self.inside is not None  # noqa: S101
        if tag == "option" and self.control is not None:
            if "selected" in given or not self.control.value:
                self.control.value = given.get("value", "")
        elif tag in ("input", "textarea", "select", "button") and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            kind = "button" if kind == "submit" else kind
            self.control = FormField(given["name"], kind, given.get("value", ""))
            self.inside.fields.append(self.control)

    def handle_data(self, data: str) -> None:
        """Read the words in a text area."""
        if self.control is not None and self.control.kind == "textarea":
            self.control.value += data

    def handle_endtag(self, tag: str) -> None:
        """End a control or a form."""
        if tag == "form":
            self.inside = None
        if tag in ("textarea", "select", "form"):
            self.control = None


@dataclass
class Found:
    """What one visitor found: pages by their shape, and forms by theirs."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def shape(address: str) -> str:
    """Return the path of *address* with a mark for each id, and the names in its query."""
    parts = urlsplit(address)
    path = "/".join("*" if ID.fullmatch(part) else part for part in parts.path.split("/"))
    names = ",".join(sorted({name for name, _value in parse_qsl(parts.query)}))
    return f"{path}?{names}" if names else path


def crawl(wire: Wire, starts: Iterable[str] = ("/",)) -> Found:
    """Return every kind of page that *wire* reaches by links from *starts*, and their forms.

    Each of the *starts* is looked at, those of the same kind too: they may offer other forms.
    """
    found = Found()
    waiting = list(starts)
    first = set(waiting)
    while waiting:
        address = waiting.pop(0)
        path, known = relative(address), shape(address) in found.pages
        if path is None or path.startswith(SKIPPED) or (known and address not in first):
            continue
        first.discard(address)
        found.pages.setdefault(shape(address), path)
        reply = wire.ask("GET", path)
        if reply.status >= 400:
            found.failures.append(f"{path}: {reply.status}")
        if reply.header("location"):
            waiting.append(urljoin(path, reply.header("location")))
        if "html" in reply.header("content-type"):
            reader = read(reply, path)
            waiting += reader.links
            for form in reader.forms:
                found.forms.setdefault(form.shape, form)
    return found


def read(reply: Reply, path: str) -> PageReader:
    """Return what is in the page *reply* of the address *path*."""
    reader = PageReader(path)
    reader.feed(reply.text)
    return reader


def forms_on(reply: Reply, path: str) -> list[Form]:
    """Return the forms in the page *reply* of the address *path*."""
    return read(reply, path).forms


def relative(address: str) -> str | None:
    """Return path and query of *address*, None where it leads to another host."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def query_names(packages: Iterable[str]) -> set[str]:
    """Return the names that the code of *packages* looks for in queries."""
    return {name for package in packages for name in _names_in(Path(str(files(package))))}


def _names_in(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        if "testing" not in path.parts and "templates" not in path.parts:
            for names in QUERY.findall(path.read_text(encoding="utf-8")):
                yield from filter(None, names)
