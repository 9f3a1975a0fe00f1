"""What the catalog is told of folders and files: those that are neither hidden nor thrown away.

Their names are their words, and what a text says.  An entry that inherits its audience is governed
by the folder that has one of its own, so that a change of audience costs the same for ten things
as for a million.  No address is declared: search engines are not told of files, be they public.
"""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from communicate.catalog import Entry, entry_for
from communicate.declarations import Found
from communicate.interfaces import ICatalog, IOutbox, ISeals
from communicate_vdisk.content import NAME, Directory, Disk, File, Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.placing import disk_above

FOLDER, FILE, ADDED = "vdisk.folder", "vdisk.file", "vdisk.added"
KIND_OF = {True: FOLDER, False: FILE}
SETTLE = "vdisk.settle"
BATCH = 200  # things in one transaction
TEXTS = ("text/plain", "text/markdown", "text/csv")
READ = 64 * 1024  # bytes of a text whose words are found


def entry_of(request: Any, node: Node) -> Entry | None:
    """Return the entry of *node*, or None where it is not to be found."""
    if isinstance(node, Disk) or node.is_gone or node.is_hidden or node.is_infected:
        return None
    name = request.find_service(IDisk).name(node)
    if not name:
        return None
    kind = KIND_OF[node.is_folder]
    words = "\n".join(filter(None, (name, text_in(request, node))))
    entry = entry_for(node, kind, title=name, words=words, time=node.changed)
    # What is shared by itself counts as lying in the site's container: a list of that is quick.
    itself = node.audience is not None and node.audience.level != "private"
    container = request.site[NAME].id if itself else node.__parent__.id
    return replace(entry, locator=("members", *locator(node)), container=container)


def text_in(request: Any, node: Node) -> str:
    """Return the words of *node* where it has any, of its beginning where it is long."""
    if not isinstance(node, File) or node.blob is None:
        return ""
    if node.media not in TEXTS:
        made = None if node.looks is None else node.looks.words
        return "" if made is None else request.find_service(ISeals).text(made) or ""
    data = b"".join(request.find_service(ISeals).open_range(node.blob, 0, READ))
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "".join(char if char.isprintable() else " " for char in text)


def locator(node: Node) -> tuple[str, ...]:
    """Return the names that lead from the members to *node*, wherever it lies."""
    return (str(disk_above(node).__parent__.__name__), NAME, str(node.__name__))


def settle(request: Any, node: Node) -> None:
    """Put the entry of *node* into the catalog, or take it out, as its state says."""
    catalog, entry = request.find_service(ICatalog), entry_of(request, node)
    if entry is None:
        catalog.remove(node.id)
    else:
        catalog.put(entry)


def settle_below(request: Any, node: Node) -> None:
    """Have a job settle all that *node*, a folder, holds."""
    if isinstance(node, Directory) and len(node):
        request.find_service(IOutbox).add(SETTLE, {"todo": [[node.id, 0]]})


def governed(request: Any, node: Node) -> None:
    """Have a job tell the catalog what *node*, a folder, governs, where that has changed."""
    if isinstance(node, Directory) and node.governs != (node.audience is not None):
        node.governs = node.audience is not None
        settle_below(request, node)


def settle_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Settle a batch of what folders hold, and ask for the next: the handler of SETTLE."""
    todo, left = [list(each) for each in payload["todo"]], BATCH
    while todo and left > 0:
        number, after = todo.pop()
        folder = request.find_service(IDisk).find(number)
        if not isinstance(folder, Directory):
            continue
        for key, child in list(folder.names.items(after))[:left]:
            left -= 1
            node = disk_above(folder).node(child)
            if node is None:
                continue
            settle(request, node)
            if node.is_folder:
                todo.insert(0, [node.id, 0])
            after = key + 1
        if left <= 0:
            todo.append([number, after])
    if todo:
        request.find_service(IOutbox).add(SETTLE, {"todo": todo})


def numbers_of(request: Any) -> list[int]:
    """Return the id of every folder and file of the site."""
    disks = request.site.get(NAME)
    return [] if disks is None else list(disks.owners)


def walk(request: Any) -> Iterator[Node]:
    """Yield every folder and file of the site."""
    disks = request.site.get(NAME)
    find = request.find_service(IDisk).find
    for number in disks.owners if disks is not None else ():
        found = find(number)
        if found is not None:
            yield found


def walk_folders(request: Any) -> Iterator[Node]:
    """Yield every folder of the site."""
    return (node for node in walk(request) if node.is_folder)


def walk_files(request: Any) -> Iterator[Node]:
    """Yield every file of the site."""
    return (node for node in walk(request) if not node.is_folder)


def found(request: Any, node: Node) -> Found | None:
    """Return how *node* looks where it is found."""
    service = request.find_service(IDisk)
    name = service.name(node)
    if not name or node.is_gone:
        return None
    return Found(name, service.path(node), lambda: text_in(request, node), by=node.owner)
