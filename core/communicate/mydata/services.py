"""Exports as the pages and the job see them: ``request.find_service(IExports)``."""

from datetime import timedelta
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, IExports, IOutbox, ISeals
from communicate.mydata.content import FAILED, READY, WAITING, WRITING, Export, Exports
from communicate.outbox.services import outbox_of

JOB = "communicate.mydata.export"
KIND = "communicate.export"
KEPT = timedelta(days=3)


@implementer(IExports)
class ExportService:
    """Exports, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def exports(self) -> Exports:
        """The exports in the tree, made where there are none yet."""
        root = self.request.root_map
        if "exports" not in root:
            root["exports"] = Exports()
        found: Exports = root["exports"]
        return found

    def of(self, uid: int) -> Export | None:
        """Return the export of member *uid*, or None; one whose time is over is none."""
        exports = self.request.root_map.get("exports")
        found: Export | None = None if exports is None else exports.by_uid.get(uid)
        over = found is not None and found.until and found.until <= self.present
        return None if over else found

    def start(self, uid: int) -> Export:
        """Have an archive of member *uid* written; where one is being written, return that."""
        found = self.of(uid)
        if found is not None and self.state(found) in (WAITING, WRITING):
            return found
        export = Export(new_id(now(self.request)), uid, self.present)
        self.exports.put(export)
        payload = {"uid": uid, "number": export.number}
        export.job = self.request.find_service(IOutbox).add(JOB, payload, owner=uid)
        return export

    def state(self, export: Export) -> str:
        """Return how *export* fares: FAILED where its job was given up."""
        if export.state == READY:
            return READY
        outbox = outbox_of(self.request)
        gone = export.job not in outbox.jobs or export.job in outbox.aside
        return FAILED if gone else export.state

    def estimate(self, uid: int) -> int:
        """Return about how many records there are of member *uid*."""
        service = self.request.find_service(IAuthored)
        return sum(len(service.items(uid, kind)) for kind in service.kinds(uid))

    def open(self, export: Export) -> Any:
        """Return the pieces of the archive of *export*, fit to be the body of a response."""
        return self.request.find_service(ISeals).open_range(export.archive, 0, None)

    def drop(self, uid: int) -> bool:
        """Delete the archive of member *uid*, finished or not; tell whether there was one."""
        return "exports" in self.request.root_map and self.exports.drop(uid)

    def sweep(self, most: int) -> int:
        """Delete up to *most* archives whose time is over; return how many there were."""
        exports = self.request.root_map.get("exports")
        if exports is None:
            return 0
        over = list(islice(exports.ends.keys(None, (self.present + 1,)), most))
        for _until, uid in over:
            exports.drop(uid)
        return len(over)

    @property
    def present(self) -> int:
        """The present moment in milliseconds."""
        return milliseconds(now(self.request))
