"""The page of search leads to that of mail, where alone mail is opened and looked through."""

from typing import Any
from urllib.parse import urlencode

from pyramid.i18n import TranslationStringFactory

from communicate.search.elsewhere import Elsewhere
from communicate_email.content import NAME
from communicate_email.store.boxes import account_of

_ = TranslationStringFactory("communicate_email")


def in_mail(request: Any, words: str) -> Elsewhere | None:
    """Offer to look for *words* in the viewer's own mail, where there is any."""
    if request.member is None or account_of(request, request.member.uid) is None:
        return None
    path = f"/members/{request.member.login}/{NAME}/search?{urlencode({'q': words})}"
    return Elsewhere(_("Look for it in your mail"), "envelope", path)
