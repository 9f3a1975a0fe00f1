"""Folders and files in every state: shared, closed within, of guests, in the trash, hidden."""

from io import BytesIO

from communicate.audience import PRIVATE
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.sharing import share

from .people import COMMON, OWNERS, allowed, readers


def write(on, level):
    """Keep something that *level* sees, and around it what fewer do."""
    service, trash = (on.request.find_service(one) for one in (IDisk, ITrash))
    uid, own, may = on.owner(level), {f"owner of {level}"}, allowed(level)
    must = readers(level)

    def folder(what, where, may, must, by=uid):
        name = on.text(f"name of a {what} ({level})", may, must)
        return on.hold(name, service.make_folder(where, name, by))

    def file(what, where, may, must, by=uid):
        name = on.text(f"name of a {what} ({level})", may, must)
        text = on.word(f"text of a {what} ({level})", may, must)
        return on.hold(name, service.put(where, f"{name}.txt", BytesIO(text.encode()), by))

    shared = folder("shared folder", service.disk(uid), may, must)
    share(on.request, shared, on.audience(level), PRIVATE, PRIVATE)
    file("shared file", shared, may, must)
    file("file of a guest", folder("folder in a shared one", shared, may, must), may, must,
         on.uids["anna"])  # fmt: skip
    closed = folder("closed folder", shared, own, own)
    share(on.request, closed, PRIVATE, PRIVATE, PRIVATE)
    file("file in a closed folder", closed, own, own)
    within = file("file that is shared in a closed folder", closed, may, must)
    share(on.request, within, on.audience(level), PRIVATE, PRIVATE)
    changed = file("file that was changed", shared, may, must)
    versions(on, service, changed, level)
    gone(on, trash, level, lambda what, may, must: file(what, shared, may, must))
    name = on.word(f"name of a destroyed file ({level})", ())  # and what it held, too
    trash.destroy(service.add_file(shared, name, BytesIO(name.encode()), uid))
    base = f"/members/{OWNERS[level]}/disk"
    paths = [service.path(one) for one in (shared, closed, changed)]
    on.pages[f"owner of {level}"] += [base, *paths, f"{paths[-1]}/versions", f"{base}/trash"]


def versions(on, service, file, level):
    """Let *file*, which readers see, have held something else before."""
    own = {f"owner of {level}"}
    held = b"".join(service.seals.open_range(file.blob))
    text = on.word(f"what a file held before ({level})", own, own)
    service.replace(file, BytesIO(text.encode()), file.owner)
    service.replace(file, BytesIO(held), file.owner)


def gone(on, trash, level, file):
    """Throw one away, and have one hidden for a reason."""
    own, judges = {f"owner of {level}"}, {"moderator"} if level in COMMON else set()
    # In the trash nobody reads it; its owner is told what lies there.
    thrown = file("file in the trash", own, ())
    del on.things[next(word for word, number in on.things.items() if number == thrown.id)]
    trash.throw(thrown)
    hidden = file("hidden file", {*own, *judges}, ())
    reason = on.word(f"why a file is hidden ({level})", {*own, *judges}, ())
    trash.set_hidden(hidden, True, reason)
