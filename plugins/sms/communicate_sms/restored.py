"""What follows when the site was brought back from a backup: nothing is sent a second time.

What waited then may have left since: it is in doubt, and operators decide.  What is for later than
the restore cannot have left, and goes on waiting.
"""

from pyramid.config import Configurator

from communicate.backup.events import SiteRestored
from communicate.clock import milliseconds, now
from communicate_sms.content import NAME


def includeme(config: Configurator) -> None:
    """Listen to restores."""
    config.add_subscriber(restored, SiteRestored)


def restored(event: SiteRestored) -> None:
    """Remember when, for those who take messages."""
    exchange = event.request.site.get(NAME)
    if exchange is not None:
        exchange.restored = milliseconds(now(event.request))
