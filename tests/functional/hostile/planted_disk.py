"""What the disk holds where hostile visitors come: something in every state, and ways to it."""

from io import BytesIO

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IMembers
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.sharing import share

VIEWS = ("rename", "share", "links", "replace", "versions")


def disk(request):
    """Have Inès share, copy, keep a file that changed, throw one away, have one hidden."""
    uid = request.find_service(IMembers).by_login("ines").uid
    service, trash = request.find_service(IDisk), request.find_service(ITrash)

    def file(name, where, data=b"Un tiers de sable"):
        return service.put(where, name, BytesIO(data), uid)

    base = service.disk(uid)
    folder = service.make_folder(base, "Semis", uid)
    share(request, folder, PUBLIC, MEMBERS, PRIVATE)
    papers = service.make_folder(base, "Papiers", uid)
    for data in (b"Mars", b"Avril"):
        changed = file("calendrier.txt", folder, data)
    request.find_service(ICopies).begin([file("facture.txt", base)], papers, uid)
    trash.throw(file("brouillon.txt", base))
    hidden = file("affiche.txt", folder)
    trash.set_hidden(hidden, True, "Hors sujet")
    request.find_service(ILocks).lock(changed, uid)
    secret = request.find_service(ILinks).make(folder)
    locked = request.find_service(ILinks).make(changed, password="tomate")
    paths = [service.path(one) for one in (folder, changed)]
    of_disk = [f"{service.path(base)}{view}" for view in ("", "/trash", "/links", "/upload")]
    pages = ["/disk", "/disk/shared", *of_disk, f"{of_disk[0]}/place?item={folder.__name__}"]
    pages += [*paths, f"{paths[0]}/folder", f"{paths[0]}/upload", f"{paths[0]}/share"]
    pages += [f"{paths[1]}/{view}" for view in VIEWS] + [f"{paths[0]}?view=grid"]
    pages += [f"/disk/link?key={key}" for key in (secret, locked)] + ["/disk/copies"]
    places = {"Disks": "/disk", "Disk": of_disk[0], "Directory": paths[0], "File": paths[1]}
    return pages, {**places, "Node": paths[1], "hidden file": service.path(hidden)}
