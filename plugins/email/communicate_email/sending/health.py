"""Whether mail leaves: what `communicate doctor` and operators are told."""

from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, moment, now
from communicate.declarations import HealthCheck
from communicate.storage.work import work
from communicate_email.sending.queue import Queue

_ = TranslationStringFactory("communicate_email")

STUCK = timedelta(hours=6)
SOME = 1000  # parts looked at


def queue_moves(registry: Any) -> str | None:
    """Return what is wrong where letters have waited for hours, or None."""

    def look(request: Any) -> str | None:
        tree = Queue(request).tree
        limit = milliseconds(now(request) - STUCK)
        old = [
            part
            for _number, part in islice(tree.parts.items(1), SOME)
            if part.letter.queued < limit
        ]
        if not old:
            return None
        oldest = moment(min(part.letter.queued for part in old))
        said: str = _(
            "${n} letters wait, the first since ${when} UTC: see /outgoing for what other "
            "machines say.",
            mapping={"n": len(old), "when": f"{oldest:%Y-%m-%d %H:%M}"},
        )
        return said

    found: str | None = work(registry, look)
    return found


HEALTH = (HealthCheck("email.queue", _("Mail for other sites leaves"), queue_moves),)
