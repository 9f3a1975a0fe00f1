"""What the object tree states to the hooks: see `communicate.duties`."""

from datetime import timedelta
from typing import Any

from communicate.declarations import Job
from communicate.outbox.errors import TryLater
from communicate.storage.errors import PackBusy
from communicate.storage.pack import pack

NIGHTLY = timedelta(days=1)


def jobs() -> list[Job]:
    """Return the job that drops what was deleted: `/privacy` promises it."""
    return [Job("communicate.storage.pack", tidy, every=NIGHTLY)]


def tidy(request: Any, _payload: Any) -> None:
    """Take out of the files what was deleted or replaced, as long ago as the settings say."""
    from communicate.stores import stores_of  # which opens this package's stores

    try:
        pack(stores_of(request.registry), request.registry.settings["communicate.pack_days"])
    except PackBusy as error:
        raise TryLater(str(error)) from error
