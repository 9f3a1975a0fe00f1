"""The disk's side of the contract: each hook in a few lines, the work elsewhere."""

import warnings
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import click
import colander
from pyramid.config import Configurator
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import (
    Block,
    Gateway,
    HealthCheck,
    HelpPage,
    Indexable,
    Job,
    Linkable,
    Moderable,
    Mount,
    Notification,
    Path,
    PersonalData,
    Scope,
)
from communicate.hookspecs import hookimpl
from communicate.interfaces import IShelf
from communicate_vdisk import duties, exporting, indexing, manual, scanning, settings, trash
from communicate_vdisk.addresses import NodeURL
from communicate_vdisk.commands import disk
from communicate_vdisk.content import NAME, SCOPE, Node, new_disk, new_disks
from communicate_vdisk.copying import jobs as copying
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.services import COPY, copy_service
from communicate_vdisk.copying.services import SWEEP as COPIES
from communicate_vdisk.ftps import settings as ftps_settings
from communicate_vdisk.interfaces import IDisk, ILinks, ITrash
from communicate_vdisk.links import link_service
from communicate_vdisk.locks.duties import SWEEP as LOCKS
from communicate_vdisk.locks.duties import sweep_job as sweep_locks
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.locks.services import lock_service
from communicate_vdisk.looking import jobs as looks
from communicate_vdisk.services import disk_service
from communicate_vdisk.shelf import shelf_service
from communicate_vdisk.trash import trash_service
from communicate_vdisk.uploads import duties as uploads
from communicate_vdisk.uploads.interfaces import IUploads
from communicate_vdisk.uploads.services import upload_service

communicate_api = 1
communicate_apart = ("dav", "ftps")  # gateways: loaded where one is wanted
_ = TranslationStringFactory("communicate_vdisk")


@hookimpl
def communicate_configure(config: Configurator) -> None:
    """Offer the services, and let members send large files."""
    config.register_service_factory(disk_service, IDisk)
    config.register_service_factory(trash_service, ITrash)
    config.register_service_factory(shelf_service, IShelf)
    config.register_service_factory(lock_service, ILocks)
    config.register_service_factory(link_service, ILinks)
    config.register_service_factory(upload_service, IUploads)
    config.register_service_factory(copy_service, ICopies)
    config.add_resource_url_adapter(NodeURL, Node)
    config.add_large_bodies(
        rf"/members/[^/]+/{NAME}(/[0-9a-z]+)?/(upload|replace)",
        config.registry.settings["vdisk.upload"],
    )
    for path in (rf"/members/[^/]+/{NAME}(/[0-9a-z]+)?/uploads", rf"/{NAME}/uploads/[0-9a-z]+"):
        config.add_large_bodies(path, config.registry.settings["vdisk.part"])


@hookimpl
def communicate_settings() -> Sequence[colander.SchemaNode]:
    """Let operators say how much is taken at once, and how long things are kept."""
    return [*settings.nodes(), *ftps_settings.nodes()]


@hookimpl
def communicate_mounts() -> Sequence[Mount]:
    """Hang the way to one's own disk at /disk, and a member's disk in the space."""
    title, icon = _("Disk"), "hdd"
    return [
        Mount(NAME, new_disks, title, icon, 60),
        Mount(NAME, new_disk, title, icon, 60, where="member"),
    ]


@hookimpl
def communicate_personal_data() -> Sequence[PersonalData]:
    """Declare folders, files, versions and who added them."""
    return duties.PERSONAL_DATA


@hookimpl
def communicate_export(member: Any, archive: Any) -> None:
    """Write the member's folders and files, as they lie."""
    exporting.export(member, archive)


@hookimpl
def communicate_import(member: Any, archive: Any) -> None:
    """Restore the member's folders and files."""
    exporting.bring_back(member, archive)


@hookimpl
def communicate_erase(member: Any, receipt: Any) -> bool:
    """Destroy a batch of what the member has here; tell whether there is more."""
    return duties.erase(member, receipt)


@hookimpl
def communicate_storage_use(member: Any) -> int:
    """Return how many bytes the member's disk holds."""
    return duties.storage_use(member)


@hookimpl
def communicate_linkables() -> Sequence[Linkable]:
    """Let members put links to their files into what they write."""
    from communicate_vdisk.views.linkable import LINKABLES  # views import this module's neighbours

    return LINKABLES


@hookimpl
def communicate_home(request: Any) -> Sequence[Block]:
    """Show how much room is taken."""
    from communicate_vdisk.views.home import blocks  # views import this module's neighbours

    return blocks(request)


@hookimpl
def communicate_space_blocks(member: Any, request: Any) -> Sequence[Block]:
    """Show what the member shares with the viewer."""
    from communicate_vdisk.views.home import space_blocks  # likewise

    return space_blocks(member, request)


@hookimpl
def communicate_help() -> Sequence[HelpPage]:
    """Offer the page about the disk."""
    return manual.PAGES


@hookimpl
def communicate_indexables() -> Sequence[Indexable]:
    """Let folders and files be found by their names."""
    common: dict[str, Any] = {
        "entry": indexing.entry_of,
        "show": indexing.found,
    }
    return [
        Indexable(
            indexing.FILE, indexing.walk_files, title=_("Files"), icon="file-earmark", **common
        ),
        Indexable(
            indexing.FOLDER, indexing.walk_folders, title=_("Folders"), icon="folder2", **common
        ),
    ]


@hookimpl
def communicate_moderables() -> Sequence[Moderable]:
    """Let folders and files be reported."""
    return duties.MODERABLES


@hookimpl
def communicate_jobs() -> Sequence[Job]:
    """Destroy what is gone for good, look for viruses, have the catalog know what moved."""
    return [
        Job(indexing.SETTLE, indexing.settle_job),
        Job(looks.LOOK, looks.look_job),
        Job(trash.DESTROY, trash.destroy_job),
        Job(scanning.SCAN, scanning.scan_job),
        Job(COPY, copying.copy_job),
        Job(COPIES, copying.sweep_job, every=timedelta(days=1)),
        Job(trash.SWEEP, trash.sweep_job, every=timedelta(days=1)),
        Job(LOCKS, sweep_locks, every=timedelta(hours=1)),
        Job(uploads.SWEEP, uploads.sweep_job, every=timedelta(hours=1)),
    ]


@hookimpl
def communicate_scopes() -> Sequence[Scope]:
    """Let app passwords open disks to the programs of members."""
    return [Scope(SCOPE, _("Your disk, and what others share with you"))]


@hookimpl
def communicate_notifications() -> Sequence[Notification]:
    """Tell owners of viruses; without the name of the file."""
    return duties.NOTIFICATIONS


@hookimpl
def communicate_commands(group: click.Group) -> None:
    """Add ``communicate disk``."""
    group.add_command(disk)


@hookimpl
def communicate_gateways(site: Any) -> Sequence[Gateway]:
    """Answer WebDAV and FTPS where the settings say on which addresses."""
    served = [("vdisk.dav", "webdav", serve_dav), ("vdisk.ftps", "ftps", serve_ftps)]
    return [Gateway(name, start) for setting, name, start in served if site.settings[setting]]


def serve_dav(registry: Any) -> Any:
    """Start the gateway of WebDAV; what it is made of is loaded only now."""
    from communicate_vdisk.dav.gateway import start

    return start(registry)


def serve_ftps(registry: Any) -> Any:
    """Start the gateway of FTPS; what it is made of is loaded only now."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # asyncore, which pyftpdlib is made of
        from communicate_vdisk.ftps.gateway import start

    return start(registry)


@hookimpl
def communicate_paths() -> Sequence[Path]:
    """Declare the ways by which a folder or a file is reached."""
    return duties.PATHS


@hookimpl
def communicate_health() -> Sequence[HealthCheck]:
    """Tell operators whether files are checked for viruses."""
    return duties.HEALTH


@hookimpl
def communicate_demo(request: Any, people: Sequence[Any], random: Random) -> None:
    """Give the people of a demo folders and files."""
    from communicate_vdisk import demo  # nobody else reads its words

    demo.make(request, people, random)
