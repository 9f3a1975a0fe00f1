"""What ``communicate doctor`` looks at: each check yields a sentence for every fault it finds."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyramid.i18n import TranslationString
from sqlalchemy import make_url
from ZODB.utils import p64, u64

from communicate import stores
from communicate.accounts.content import CLOSED
from communicate.catalog.reindex import check_recent
from communicate.cli.console import Console
from communicate.content import Folder
from communicate.links import faults as unprotected
from communicate.operate.purge import in_batches
from communicate.quota.proof import drifts
from communicate.sealing import SITE
from communicate.storage import evolve
from communicate.storage.sitedb import modules_in

Check = Callable[[Console], Iterable[str]]
PLACES = ("var", "blobs", "run", "outbox", "logs")
SECRETS = ("master_key_file", "ledger_file")


def tree(console: Console) -> Iterator[str]:
    """Find a tree that cannot be read."""
    if console.work(lambda request: request.site) is None:
        yield "There is no site in the tree: restore a backup."


def catalog(console: Console) -> Iterator[str]:
    """Find recent rows that differ from the tree, and put them right."""
    check_recent(console.registry, serving=console.inside)
    yield from ()


def keys(console: Console) -> Iterator[str]:
    """Find a key ring that the master key does not open."""
    if not console.stores.keyring.holds(SITE):
        yield "The key ring lacks the site's key: restore the ring from its backup copy."
    console.stores.keyring.key(SITE)


def permissions(console: Console) -> Iterator[str]:
    """Find files that other accounts of this machine may read or write."""
    values = console.settings
    named = [values[f"communicate.{name}"] for name in (*PLACES, *SECRETS)]
    tree = urlsplit(values["communicate.database"])
    named += [Path(tree.path)] if tree.scheme == "file" else []
    urls = [make_url(values[f"communicate.{name}"]) for name in ("catalog", "keyring")]
    named += [Path(url.database) for url in urls if url.drivername == "sqlite" and url.database]
    for path in named:
        if path is not None and path.exists():
            yield from exposed(path)


def exposed(path: Path) -> Iterator[str]:
    """Yield a sentence where others than the owner may do anything with *path*."""
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        cure = f"chmod go= {path}"
        yield f"Other accounts may reach {path} (mode {mode:03o}): run `{cure}`."
    if found.st_uid != os.geteuid():
        yield f"{path} belongs to another account (uid {found.st_uid}): give it to the site's."


def steps(console: Console) -> Iterator[str]:
    """Find evolve steps that wait."""
    chains = stores.evolve_chains(console.registry)
    for step in console.work(lambda request: evolve.pending(request.root_map, chains)):
        yield f"The evolve step {step} waits: run `communicate evolve`."


def counters(console: Console) -> Iterator[str]:
    """Find folders that count other than they hold."""

    def wrong(oids: list[int], request: Any) -> list[str]:
        folders = [request.site._p_jar.get(p64(oid)) for oid in oids]
        return [
            f"A {type(f).__name__} counts {count} things and holds {held}: report it as a bug."
            for f in folders
            if isinstance(f, Folder)
            # What a folder says of its length may mean something else: its counter is meant.
            and (count := Folder.__len__(f)) != (held := sum(1 for _name in f))
        ]

    for oids in batches(records(console, "communicate")):
        yield from console.work(partial(wrong, oids))


def room(console: Console) -> Iterator[str]:
    """Find members for whom other bytes are counted than services keep of them."""

    def wrong(logins: list[str], request: Any) -> list[str]:
        members = [request.site["members"].raw(login) for login in logins]
        return [
            f"{member.login}: {each.counted} bytes are counted for {each.service}, which keeps "
            f"{each.kept}: run `communicate member recount {member.login}`."
            for member in members
            if member.state != CLOSED  # an erasure goes on
            for each in drifts(request, member.uid)
        ]

    yield from chain.from_iterable(in_batches(console.registry, wrong))


def blobs(console: Console) -> Iterator[str]:
    """Find files that the tree speaks of and that are not there."""

    def missing(oids: list[int], request: Any) -> list[str]:
        found = []
        for oid in oids:
            try:
                request.site._p_jar.get(p64(oid)).open("r").close()
            except Exception as error:  # whatever keeps it from being read
                found.append(f"The blob {oid:#x} cannot be read ({error}): restore a backup.")
        return found

    for oids in batches(records(console, "ZODB.blob")):
        yield from console.work(partial(missing, oids))


def records(console: Console, package: str) -> Iterator[int]:
    """Yield the number of each object in the tree whose class is of *package*, unloaded."""
    storage, following = console.stores.database.storage, None
    while True:
        oid, _tid, data, following = storage.record_iternext(following)
        module = next(iter(modules_in(data)), "")
        if module == package or module.startswith((f"{package}.", f"{package}_")):
            yield u64(oid)
        if following is None:
            return


def batches(numbers: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    """Yield *numbers* in lists of at most *size*."""
    batch: list[int] = []
    for number in numbers:
        batch.append(number)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def links(console: Console) -> Iterator[str]:
    """Find links to other machines that are not protected by verified TLS."""
    yield from unprotected(console.registry)


def failed_plugins(console: Console) -> Iterator[str]:
    """Find plugins that are switched on and could not be used."""
    for name, reason in console.plugins.failed.items():
        yield f"The plugin {name} is left out: {reason}"


def plugin_checks(console: Console) -> list[tuple[str, Check]]:
    """Return the checks that plugins declare, with their titles."""

    def run(declared: Any, console: Console) -> list[str]:
        sentence = declared.run(console.registry)
        return [] if sentence is None else [plain(sentence)]

    declarations = console.plugins.gather("communicate_health")
    return [(str(one.title), partial(run, one)) for one in declarations]


def plain(sentence: str) -> str:
    """Return *sentence* with its parts filled in, in the language of the source."""
    return sentence.interpolate() if isinstance(sentence, TranslationString) else sentence


CHECKS: list[tuple[str, Check]] = [
    ("tree", tree),
    ("catalog", catalog),
    ("master key and key ring", keys),
    ("permissions of files", permissions),
    ("evolve steps", steps),
    ("counters", counters),
    ("room of members", room),
    ("blobs", blobs),
    ("links between servers", links),
    ("plugins", failed_plugins),
]
