"""Folders and files on the served site of these tests, in every state: a plain module, no test."""

from io import BytesIO
from typing import Any

TEXT = """Mars : pois, fèves, oignons.
Avril : carottes, betteraves.

Les rangs sont à trente centimètres, sauf les courges.
"""
KEY = "la tomate noire"  # of a link


def keep(site: Any, request: Any, picture: bytes) -> None:
    """Have Chloé share a folder, keep papers, change, throw away; have a moderator hide."""
    from communicate.audience import MEMBERS, PRIVATE, PUBLIC
    from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
    from communicate_vdisk.locks.interfaces import ILocks
    from communicate_vdisk.sharing import share
    from communicate_vdisk.uploads.interfaces import IUploads

    service, trash, links = (request.find_service(one) for one in (IDisk, ITrash, ILinks))
    chloe, denis = site.uids["chloe"], site.uids["denis"]
    base = service.disk(chloe)

    def file(name: str, where: Any, data: bytes = TEXT.encode(), by: int = chloe) -> Any:
        return service.put(where, name, BytesIO(data), by)

    folder = service.make_folder(base, "Jardin partagé", chloe)
    share(request, folder, PUBLIC, MEMBERS, PRIVATE)
    papers = service.make_folder(base, "Papiers", chloe)
    text = file("calendrier des semis.txt", folder)
    file("calendrier des semis.txt", folder, TEXT.encode() + b"Mai : haricots.\n")
    photo = file("la serre en mai.jpg", folder, picture)
    file("plan.odt", folder, b"PK\x03\x04", denis)
    hidden = file("affiche.txt", folder)
    trash.set_hidden(hidden, True, "Hors sujet")
    file("facture.pdf", base, b"%PDF-1.4")
    trash.throw(file("brouillon.txt", base))
    worked = file("liste de courses.txt", folder)
    request.find_service(ILocks).lock(worked, denis)
    uploads = request.find_service(IUploads)
    uploads.begin(folder, "la fête des voisins.mkv", 30_000_000, site.uids["hugo"])
    copying(request, papers, folder, chloe)
    open_link, closed = links.make(folder), links.make(text, password=KEY)
    made = {"folder": folder, "empty": papers, "file": text, "picture": photo, "hidden": hidden}
    made["worked"] = worked
    site.paths |= {f"disk-{name}": service.path(one) for name, one in made.items()}
    for view in ("share", "links", "upload", "folder", "rename"):
        site.paths[f"disk-{view}-of"] = f"{service.path(folder)}/{view}"
    for view in ("versions", "replace"):
        site.paths[f"disk-{view}-of"] = f"{service.path(text)}/{view}"
    site.paths["disk-share-private"] = f"{service.path(papers)}/share"
    site.paths["disk-folder-grid"] = f"{service.path(folder)}?view=grid"
    site.paths["disk-place-of"] = f"{service.path(base)}/place?item={text.__name__}"
    site.paths["disk-link"] = f"/disk/link?key={open_link}"
    site.paths["disk-link-closed"] = f"/disk/link?key={closed}"


def copying(request: Any, source: Any, target: Any, uid: int) -> None:
    """Keep copies in each state; no job makes them."""
    from communicate_vdisk.copying.interfaces import ICopies

    service = request.find_service(ICopies)
    for state, more in (
        ("failed", {"reason": "room"}),
        ("done", {"things": 1234, "size": 5_000_000, "left_out": 2}),
        ("counting", {"things": 4000}),
        ("copying", {"things": 5000, "done": 1234, "size": 10**9, "stored": 3 * 10**8}),
    ):
        copy = service.begin([source], target, uid)
        copy.state = state
        for name, value in more.items():
            setattr(copy, name, value)
