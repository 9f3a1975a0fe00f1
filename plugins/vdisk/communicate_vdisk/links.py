"""Links for those without an account: `ILinks`.

A link leads to one folder or file.  The tree keeps the SHA-256 of its secret, and the argon2id
hash of its password.  Whoever comes by it is a stranger who holds the principal of that link, and
each `Node.__acl__` says what that may read: there is no other place where it is decided.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.accounts.limits import network
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, ILimits, IMembers, ISeals
from communicate.permissions import VIEW
from communicate.principals import Viewer
from communicate.security import decide
from communicate_vdisk.content import NAME, Disk, File, Link, Links, Node
from communicate_vdisk.errors import VIRUS, Refused, Spent
from communicate_vdisk.interfaces import IDisk, ILinks

_ = TranslationStringFactory("communicate_vdisk")

KIND = "vdisk.link"
SECRET = 20  # bytes, of which 16 would do
LONGEST = 64  # characters of a secret that is looked at
MOST = 200  # links of one member
PROOF = timedelta(hours=1)  # that a password was right
TICKET = timedelta(hours=2)  # in which a download may be resumed
MARK = 18  # bytes of an HMAC in a token

MANY = _("You have ${n} links: end some first.", mapping={"n": MOST})
NOT_THIS = _("There can be no link to this.")


class Through(Viewer):
    """A stranger who holds *link*, whoever is signed in."""

    def __init__(self, link: Link, members: Any, *, walled: bool) -> None:
        super().__init__(None, members, walled=walled)
        self.link = link.principal

    def _holds(self, name: str) -> bool:
        return name == self.link or super()._holds(name)


def viewer_through(request: Any, link: Link) -> Through:
    """Return the viewer whom *link* makes of whoever made *request*."""
    walled = request.registry.settings.get("communicate.widest_audience") == "members"
    return Through(link, request.site.get("members"), walled=walled)


@contextmanager
def seen(request: Any, link: Link) -> Iterator[None]:
    """Let `permits` answer as for whoever comes by *link*."""
    before = request.viewer
    request.viewer = viewer_through(request, link)
    try:
        yield
    finally:
        request.viewer = before


@implementer(ILinks)
class LinkService:
    """The links of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.authored = request.find_service(IAuthored)

    @property
    def links(self) -> Links:
        """The links of all disks."""
        found: Links = self.request.site[NAME].links
        return found

    @property
    def present(self) -> int:
        """The present moment in milliseconds."""
        return milliseconds(now(self.request))

    # Making and ending

    def make(self, node: Node, *, until: int = 0, most: int = 0, password: str = "") -> str:
        """Return the secret of a new link to *node*, which is kept nowhere; raise Refused."""
        if isinstance(node, Disk) or node.is_gone or node.is_hidden or node.owner is None:
            raise Refused(NOT_THIS)
        if isinstance(node, File) and node.blob is None:
            raise Refused(VIRUS)
        if len(self.authored.items(node.owner, KIND, most=MOST)) >= MOST:
            raise Refused(MANY)
        secret = secrets.token_urlsafe(SECRET)
        number = new_id(now(self.request))
        link = Link(number, node.owner, node.id, digest(secret), until=until, most=most)
        if password:
            link.password = self.request.registry.communicate_passwords.hash(password)
        self.links.add(link)
        node.links = (*node.links, link.id)
        self.authored.add(node.owner, KIND, link.id)
        return secret

    def end(self, link: Link) -> None:
        """Let *link* lead nowhere from now on."""
        self.links.remove(link)
        self.authored.remove(link.owner, KIND, link.id)
        node = self.request.find_service(IDisk).find(link.node)
        if node is not None and link.id in node.links:
            node.links = tuple(number for number in node.links if number != link.id)

    def prune(self, uid: int) -> None:
        """End the links of member *uid* to what is thrown away or gone."""
        for link in self.of_member(uid):
            node = self.request.find_service(IDisk).find(link.node)
            if node is None or node.is_gone:
                self.end(link)

    def narrowed(self, node: Node) -> None:
        """End the links to *node*, and to what is in it and has no audience of its own."""
        for link in self.of_member(int(node.owner or 0)):
            found = self.request.find_service(IDisk).find(link.node)
            if found is not None and node in governing(found):
                self.end(link)

    def sweep(self, most: int) -> int:
        """Forget up to *most* links whose day has passed; return how many."""
        over = list(islice(self.links.ends.keys(None, (self.present, 0)), most))
        for _until, number in over:
            self.end(self.links.by_id[number])
        return len(over)

    # Finding

    def find(self, secret: Any) -> Link | None:
        """Return the link of *secret*, as long as it works, or None."""
        if not self.request.registry.settings["vdisk.links"]:
            return None
        if not isinstance(secret, str) or not 0 < len(secret) <= LONGEST:
            return None
        number = self.links.by_digest.get(digest(secret))
        link: Link | None = None if number is None else self.links.by_id.get(number)
        if link is None or self.is_over(link):
            return None
        # An account that is closed shows nothing any more, and is erased by and by.
        return link if self.request.find_service(IMembers).by_uid(link.owner) else None

    def is_over(self, link: Link) -> bool:
        """Tell whether the day of *link* has passed."""
        return 0 < link.until <= self.present

    def node(self, link: Link) -> Node | None:
        """Return what *link* leads to, or None where it may not be seen (any more)."""
        found: Node | None = self.request.find_service(IDisk).find(link.node)
        viewer = viewer_through(self.request, link)
        return found if found is not None and decide(viewer, found, VIEW) else None

    def of(self, node: Node) -> list[Link]:
        """Return the links that lead to *node* itself, the newest first."""
        found = (self.links.by_id.get(number) for number in reversed(node.links))
        return [link for link in found if link is not None]

    def of_member(self, uid: int) -> list[Link]:
        """Return the links of member *uid*, the newest first."""
        numbers = self.authored.items(uid, KIND)
        found = (self.links.by_id.get(number) for number in reversed(numbers))
        return [link for link in found if link is not None]

    # Passwords

    def unlock(self, link: Link, password: str) -> str | None:
        """Return a proof that *password* is that of *link*, or None; raise TooMany."""
        limits, keys = self.request.find_service(ILimits), self._keys(link)
        if not self.request.environ.get("retry.attempt"):
            for name, key in keys:
                limits.hit(name, key)
        passwords = self.request.registry.communicate_passwords
        if link.password is None or not passwords.verify(link.password, password).right:
            return None
        for name, key in keys:
            limits.give_back(name, key)
        return self._token(PROOF, b"proof", link)

    def _keys(self, link: Link) -> list[tuple[str, str]]:
        """Return the limits of tries: of one network, and of all together."""
        number = str(link.id)
        return [
            ("vdisk.link_tries", f"{number} {network(self.request)}"),
            ("vdisk.link_tries_all", number),
        ]

    def is_open(self, link: Link, proof: Any) -> bool:
        """Tell whether *link* asks for no password, or *proof* is a fresh one of it."""
        return link.password is None or self._holds(proof, b"proof", link)

    # Downloads

    def begin(self, link: Link, node: Node) -> str:
        """Count a download of *node* and return the ticket for it; raise Spent.

        Two that come at once conflict, and the later one counts the other.
        """
        if link.most and link.fetched >= link.most:
            raise Spent
        link.fetched += 1
        return self.ticket(link, node)

    def ticket(self, link: Link, node: Node) -> str:
        """Return a ticket for *node*, uncounted."""
        return self._token(TICKET, named(node), link)

    def goes_on(self, link: Link, node: Node, ticket: Any) -> bool:
        """Tell whether *ticket* is a fresh one of *link* for *node* as it is now."""
        return self._holds(ticket, named(node), link)

    # Tokens: until when, and an HMAC of that and what they are for

    def _token(self, life: timedelta, what: bytes, link: Link) -> str:
        until = (self.present + life // timedelta(milliseconds=1)).to_bytes(8, "big")
        return base64.urlsafe_b64encode(until + self._mark(until, what, link)).decode()

    def _mark(self, until: bytes, what: bytes, link: Link) -> bytes:
        # A link that gets another password takes no proof of the former one.
        said = b"\0".join((until, what, link.digest, (link.password or "").encode()))
        mark: bytes = self.seals.hmac("vdisk.link", said)
        return mark[:MARK]

    def _holds(self, token: Any, what: bytes, link: Link) -> bool:
        try:
            data = base64.urlsafe_b64decode(str(token)[:LONGEST])
        except ValueError:
            return False
        until, mark = data[:8], data[8:]
        fresh = int.from_bytes(until, "big") > self.present
        return hmac.compare_digest(mark, self._mark(until, what, link)) and fresh


def governing(node: Node) -> Iterator[Node]:
    """Yield *node* and the folders above it from which it has its audience."""
    for each in node.lineage():
        yield each
        if each.audience is not None:
            return


def named(node: Node) -> bytes:
    """Return what a ticket says of *node*: a file's bytes as they are, or a folder."""
    return f"{node.id} {node.tag if isinstance(node, File) else 'zip'}".encode()


def digest(secret: str) -> bytes:
    """Return what the tree keeps of *secret*."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def link_service(_context: Any, request: Request) -> LinkService:
    """Return the service for one request."""
    return LinkService(request)
