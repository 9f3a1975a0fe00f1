"""What Outlook and those who do as it does ask and are told: ``autodiscover.xml`` (MS-OXDSCLI)."""

from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from communicate_email.programs.servers import STARTTLS, TLS, Server, Servers

LARGEST = 16_384  # bytes of a question; programs write about 400
LONGEST = 320  # characters of what is read from it
ANSWER = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
ENCRYPTIONS = {TLS: "SSL", STARTTLS: "TLS"}
INVALID, UNAVAILABLE = "600", "601"  # codes of what went wrong
ELEMENTS = ("EMailAddress", "AcceptableResponseSchema")


class Unreadable(Exception):
    """A question that is none."""


class Question(NamedTuple):
    """What was asked: for which address, and in which form the answer is wished."""

    address: str
    schema: str


class _Reader:
    """Takes two elements out of a document, wherever they stand in it."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.inside = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        # Without these no entity is ever declared, so that none can grow or lead elsewhere.
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_parts: object) -> None:
        raise Unreadable("a document type")

    def _begin(self, name: str, _attributes: object) -> None:
        local = name.rpartition(" ")[2]
        self.inside = local if local in ELEMENTS and local not in self.found else ""
        if self.inside:
            self.found[local] = ""

    def _end(self, _name: str) -> None:
        self.inside = ""

    def _text(self, text: str) -> None:
        if self.inside:
            self.found[self.inside] += text


def read(raw: bytes) -> Question:
    """Return what *raw* asks; raise Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable("too long")
    reader = _Reader()
    try:
        reader.parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # ValueError: odd encodings
        raise Unreadable("no XML") from error
    address, schema = (reader.found.get(name, "").strip() for name in ELEMENTS)
    if not address or max(len(address), len(schema)) > LONGEST:
        raise Unreadable("no address")
    return Question(address, schema)


def wants_settings(question: Question) -> bool:
    """Tell whether *question* is about settings of mail, and not about a service of Exchange."""
    return not question.schema or "/outlook/" in question.schema


def document(address: str, servers: Servers) -> bytes:
    """Return the settings for *address*, which is only said back."""
    root = ElementTree.Element("Autodiscover", xmlns=ANSWER)
    response = ElementTree.SubElement(root, "Response", xmlns=OUTLOOK)
    account = ElementTree.SubElement(response, "Account")
    ElementTree.SubElement(account, "AccountType").text = "email"
    ElementTree.SubElement(account, "Action").text = "settings"
    for one in servers.all:
        _add(account, one, address)
    return _written(root)


def _add(account: ElementTree.Element, one: Server, address: str) -> None:
    protocol = ElementTree.SubElement(account, "Protocol")
    said = {
        "Type": one.kind.upper(),
        "Server": one.host,
        "Port": str(one.port),
        "DomainRequired": "off",
        "LoginName": address,
        "SPA": "off",
        "SSL": "on",
        "Encryption": ENCRYPTIONS[one.security],
        "AuthRequired": "on",
    }
    for name, text in said.items():
        if text:
            ElementTree.SubElement(protocol, name).text = text


def failure(code: str, text: str) -> bytes:
    """Return that nothing can be told, by a code of that protocol."""
    root = ElementTree.Element("Autodiscover", xmlns=ANSWER)
    response = ElementTree.SubElement(root, "Response")
    error = ElementTree.SubElement(response, "Error")
    for name, said in (("ErrorCode", code), ("Message", text), ("DebugData", "")):
        ElementTree.SubElement(error, name).text = said
    return _written(root)


def _written(root: ElementTree.Element) -> bytes:
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
