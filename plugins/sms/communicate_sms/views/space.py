"""In a member's space: the number, for those whom the member lets see it."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.contacts.bar import Act
from communicate_sms import numbers
from communicate_sms.interfaces import INumbers

_ = TranslationStringFactory("communicate_sms")


def call(request: Any, member: Any) -> Act | None:
    """Offer to call *member*, where the viewer may see the number."""
    e164 = request.find_service(INumbers).visible(request.viewer, member.uid)
    if e164 is None:
        return None
    title = _("Call ${number}", mapping={"number": numbers.shown(e164)})
    return Act(f"tel:{e164}", "telephone", title)
