"""What follows when the site was brought back from a backup: nothing goes out a second time.

Letters that waited then may have left since, and uids may have been given out since.
"""

from pyramid.config import Configurator

from communicate.backup.events import SiteRestored
from communicate.clock import milliseconds, now
from communicate_email.sending.queue import queue_of
from communicate_email.store.boxes import office_of

AHEAD = 1000  # seconds: folders made together have each a number of its own


def includeme(config: Configurator) -> None:
    """Listen to restores."""
    config.add_subscriber(restored, SiteRestored)


def restored(event: SiteRestored) -> None:
    """Have what waits go back to its authors, and uids of before count no more."""
    present, office = milliseconds(now(event.request)), office_of(event.request)
    queue_of(event.request).restored = present
    if office is not None:
        office.restored = present // 1000 + AHEAD
