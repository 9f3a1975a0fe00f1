"""What a member is called when writing, and how messages end: for each address, sealed."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.ids import encode
from communicate.interfaces import ISeals
from communicate.sealing import Destroyed
from communicate_email.content import Account
from communicate_email.people import LONGEST_NAME, Person, named

_ = TranslationStringFactory("communicate_email")

IDENTITY = "email.identity"
LONGEST = 4_000  # characters of a signature
MOST = 2_000  # addresses for which something is kept
DELIMITER = "-- "  # before a signature, on a line of its own (RFC 3676, 4.3)


class Identity(NamedTuple):
    """How messages from one address begin and end: both may be empty."""

    name: str = ""
    signature: str = ""


NOBODY = Identity()


class Identities:
    """The identities of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    def all(self) -> dict[str, Identity]:
        """Return those that say anything, by address."""
        sealed = self.account.identities
        try:
            found = {} if sealed is None else json.loads(self.seals.text(sealed) or "{}")
        except Destroyed:
            found = {}
        return {address: Identity(*said) for address, said in found.items()}

    def of(self, address: str) -> Identity:
        """Return the identity of *address*; a sub-address has that of what stands before its +."""
        found = self.all()
        local, _at, domain = address.lower().rpartition("@")
        whole = f"{local.partition('+')[0]}@{domain}"
        return found.get(address.lower()) or found.get(whole) or NOBODY

    def person(self, address: str) -> Person:
        """Return who writes from *address*."""
        return Person(self.of(address).name, address)

    def set(self, address: str, identity: Identity) -> None:
        """Have *address* write as *identity*; one that says nothing is forgotten."""
        self.restore({**self.all(), address.lower(): identity})

    def restore(self, identities: Mapping[str, Identity]) -> None:
        """Keep *identities*, by address, in place of all that were kept."""
        said = {
            address: (named(one.name)[:LONGEST_NAME], clean(one.signature))
            for address, one in list(identities.items())[-MOST:]
        }
        said = {address: one for address, one in said.items() if any(one)}
        text = json.dumps(said, ensure_ascii=False)
        self.account.identities = self.seals.seal(self.uid, IDENTITY, text) if said else None

    def number(self, address: str) -> str:
        """Return what stands for *address* in the address of a page; nobody else can make it."""
        mac = self.seals.member_hmac(self.uid, IDENTITY, address.lower().encode())
        return encode(int.from_bytes(mac[:8], "big") >> 1)


def clean(signature: str) -> str:
    """Return *signature* as it is kept: lines without blanks at their ends, none at its ends."""
    lines = [line.rstrip() for line in signature[:LONGEST].splitlines()]
    return "\n".join(lines).strip("\n")


def block(signature: str) -> str:
    """Return the lines that a message ends with; empty without a *signature*."""
    return f"{DELIMITER}\n{signature}\n" if signature else ""


def export(request: Any, account: Account | None, archive: Any) -> None:
    """Write the identities of *account* into *archive*."""
    found = {} if account is None else Identities(request, account).all()
    archive.records(
        "identity",
        ({"address": address, **one._asdict()} for address, one in found.items()),
        title=_("Names and signatures"),
        fields={"address": _("Address"), "name": _("Name"), "signature": _("Signature")},
    )


def bring_back(request: Any, account: Account, archive: Any) -> None:
    """Restore the identities that *archive* has."""
    found = {}
    for row in archive.records("identity", most=MOST):
        name = archive.text(row.get("name"), LONGEST_NAME)
        signature = archive.text(row.get("signature"), LONGEST)
        found[archive.text(row.get("address"), 254).lower()] = Identity(name, signature)
    Identities(request, account).restore(found)
