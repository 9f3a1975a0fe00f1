"""What the services of the disk promise: ask with ``request.find_service(IX)``.

Whoever calls has asked ``permits``: pages, gateways and jobs call the same services.
"""

from zope.interface import Interface


class IDisk(Interface):
    """Folders and files.

    What cannot be done raises `communicate_vdisk.errors.Refused`, `names.BadName` or
    `communicate.quota.QuotaExceeded`, each with a sentence for the member as its ``reason``.
    *by* is the uid of who does it.  Where somebody is at work on it (`locks.interfaces.ILocks`)
    whatever writes raises `locks.services.Locked`, which is a Refused.
    """

    def disk(uid):
        """Return the disk of member *uid*, made where there is none."""

    def find(number):
        """Return the folder or file with that id, wherever it is, or None."""

    def child(folder, name):
        """Return what *folder* holds under *name*, or None."""

    def name(node):
        """Return the name of *node*; empty for a disk, and where its key is gone."""

    def path(node):
        """Return the address of *node*."""

    def spool(node, stream):
        """Return a `communicate.sealing.spools.SealedSpool` of all that *stream* holds.

        It is sealed for the disk that *node* is in, but not in it: given to `add_file`, `replace`
        or `put` instead of a stream, it is, and again in another try of the transaction.  Whoever
        asked closes it.
        """

    def make_folder(folder, name, by):
        """Return a new folder in *folder*; raise Refused where the name is taken."""

    def add_file(folder, name, stream, by):
        """Return a new file of all that *stream* holds; raise Refused where the name is taken."""

    def replace(file, stream, by):
        """Let *file* hold what *stream* does, and keep what it held as a version."""

    def put(folder, name, stream, by):
        """Add a file, or replace the one of that *name*; return it."""

    def rename(node, name):
        """Call *node* something else; raise Refused where that is taken."""

    def move(node, folder, by=None, name=None):
        """Put *node* into *folder*, of the same disk, as *name* if given; its address stays.

        Raise Refused where *by* is not its owner, and more people would see it there.
        """

    def copy(node, folder, by):
        """Return a copy of *node*, and of all that the viewer may read in it, in *folder*."""


class ITrash(Interface):
    """What was thrown away, and what is to be gone for good."""

    def throw(node):
        """Take *node* out of sight, on every path at once; it stays in its owner's trash.

        Raise `locks.services.Locked` where somebody is at work on it, or on what lies in it.
        """

    def restore(node):
        """Put *node* back where it was, or into the disk itself; return its folder."""

    def destroy(node):
        """Destroy *node* with all it holds: out of reach at once, the rest by a job."""

    def give_up(node):
        """Destroy *node*, a copy that is in no list yet, by a job."""

    def set_hidden(node, hidden, reason=""):
        """Hide *node* from all but its owner and moderators, or show it again."""

    def reason(node):
        """Return why a moderator hid *node*, or None."""


class ILinks(Interface):
    """Links: ways to one folder or file for whoever holds a secret.

    What such a person may read is said by `permits`, asked within `communicate_vdisk.links.seen`.
    """

    def make(node, *, until=0, most=0, password=""):
        """Return the secret of a new link to *node*, which is kept nowhere; raise Refused."""

    def find(secret):
        """Return the link of *secret*, as long as it works, or None."""

    def node(link):
        """Return what *link* leads to, or None where it may not be seen (any more)."""

    def of(node):
        """Return the links that lead to *node* itself, the newest first."""

    def of_member(uid):
        """Return the links of member *uid*, the newest first."""

    def end(link):
        """Let *link* lead nowhere from now on."""

    def prune(uid):
        """End the links of member *uid* to what is thrown away or gone."""

    def narrowed(node):
        """End the links to *node*, and to what is in it and has no audience of its own."""

    def sweep(most):
        """Forget up to *most* links whose day has passed; return how many."""

    def unlock(link, password):
        """Return a proof that *password* is that of *link*, or None; raise TooMany."""

    def is_open(link, proof):
        """Tell whether *link* asks for no password, or *proof* is a fresh one of it."""

    def begin(link, node):
        """Count a download of *node* and return the ticket for it; raise Spent."""

    def ticket(link, node):
        """Return a ticket for *node*, uncounted."""

    def goes_on(link, node, ticket):
        """Tell whether *ticket* is a fresh one of *link* for *node* as it is now."""
