"""Who waits while a file is being checked for viruses: all but its owner and who sent it.

They know where it is from.  Where clamd is away, nobody waits: see `communicate_vdisk.scanning`.
"""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response

from communicate_vdisk.content import PENDING, File

_ = TranslationStringFactory("communicate_vdisk")

WAIT = _("This is being checked for viruses: it can be opened in a moment.")
SECONDS = 20  # after which it is worth asking again


def waits(request: Any, file: File) -> bool:
    """Tell whether the viewer, who may see *file*, has to wait for its bytes."""
    if file.scan != PENDING or not request.registry.settings["vdisk.clamav"]:
        return False
    return request.member is None or request.member.uid not in (file.owner, file.by)


def later(request: Any) -> Response:
    """Answer that the bytes are not to be had yet."""
    response = Response(request.page.say(WAIT), status=503, content_type="text/plain")
    response.charset = "UTF-8"
    response.headers["Retry-After"] = str(SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
