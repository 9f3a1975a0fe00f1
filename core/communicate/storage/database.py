"""Opening the object tree that ``communicate.database`` names."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import zodburi

from communicate.storage.errors import BadAddress
from communicate.storage.filestorage import open_filestorage, scrub
from communicate.storage.folders import make_private
from communicate.storage.postgresql import open_postgresql, vacuum
from communicate.storage.sitedb import SiteDB

POOL_SIZE = 32  # connections before ZODB warns: requests, gateways and jobs of one process


def open_database(
    uri: str | None, var: Path, packages: Collection[str] = (), *, blobs: Path | None = None
) -> SiteDB:
    """Return the database at *uri*, able to load classes of core and *packages* only.

    ``file://PATH``, or nothing for ``Data.fs`` in the folder *var*, is a file that one process
    holds; relative paths begin at *var*.  ``postgresql://`` is RelStorage.  Whatever else zodburi
    knows is opened as it says (``memory://`` in tests).  Blobs lie in *blobs*, else in
    ``var/blobs``.  Parameters named ``connection_…`` set pool and caches, as zodburi documents.
    Raises AlreadyOpen and BadAddress.
    """
    make_private(var)
    blobs = blobs or var / "blobs"
    address, options = split_options(uri or "file://Data.fs")
    scheme = address.partition("://")[0]
    if scheme == "file":
        storage = open_filestorage(file_path(address, var), blobs)
        return SiteDB(storage, packages, blobs=blobs, compact=partial(scrub, storage), **options)
    if scheme in ("postgres", "postgresql"):
        storage, dsn = open_postgresql(address, blobs)
        compact = partial(vacuum, dsn)
        return SiteDB(storage, packages, blobs=blobs, compact=compact, dsn=dsn, **options)
    return SiteDB(open_other(address), packages, **options)


def split_options(uri: str) -> tuple[str, dict[str, Any]]:
    """Return *uri* without the parameters meant for the database, and those, typed."""
    address, _, query = uri.partition("?")
    given = dict(parse_qsl(query))
    names = set(given) & set(zodburi.PARAMETERS)
    try:
        options = zodburi._get_dbkw({name: given.pop(name) for name in names})
    except ValueError as error:
        raise BadAddress(f"communicate.database: a size is not a number ({error})") from error
    if "connection_pool_size" not in names:
        options["pool_size"] = POOL_SIZE
    return address + (f"?{urlencode(given)}" if given else ""), options


def file_path(address: str, var: Path) -> Path:
    """Return the absolute path in a ``file://`` address; raise BadAddress for parameters in it."""
    path, _, query = address.removeprefix("file://").partition("?")
    if query or not path:
        raise BadAddress(
            f"communicate.database: {address!r} is more than file:// and a path; blobs are set "
            "by communicate.blobs, and packing keeps no old copy"
        )
    return (var / Path(path).expanduser()).absolute()


def open_other(address: str) -> Any:
    """Return the storage that zodburi makes of *address*; raise BadAddress."""
    try:
        factory, unknown = zodburi._get_uri_factory_and_dbkw(address)
    except zodburi.NoResolverForScheme:
        raise BadAddress(
            f"communicate.database: nothing is known that opens {address!r}; write "
            "file:///path/Data.fs or postgresql://user@host/name"
        ) from None
    if unknown:
        raise BadAddress(f"communicate.database: unknown parameters {', '.join(sorted(unknown))}")
    return factory()
