"""What the web side tells of itself: its cookies, and what forms leave for an hour."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Cookie, PersonalData
from communicate.web import csrf, i18n, notices, once

_ = TranslationStringFactory("communicate")


def cookies() -> list[Cookie]:
    """Return the cookies of the layout and of forms."""
    return [
        Cookie(csrf.COOKIE, _("Tells your forms from forged ones while you are not signed in")),
        Cookie(
            i18n.COOKIE, _("Remembers the language, only if you choose one"), timedelta(days=365)
        ),
        Cookie(
            notices.COOKIE,
            _("Holds the sentence that the next page shows once"),
            timedelta(minutes=1),
        ),
    ]


def personal_data() -> list[PersonalData]:
    """Return what forms leave of a member."""
    return [
        PersonalData(
            kind="communicate.submissions",
            what=_("Fingerprints of the forms that you sent, and the page that followed"),
            why=_("A form sent twice by a double click acts once"),
            audience="private",
            retention=_("One hour, then with the next form that you send"),
            stored=("BTrees.LOBTree:LOBTree",),
        )
    ]


def erase(member: Any, receipt: Any) -> None:
    """Forget the forms that *member* sent."""
    once.forget(member.request.root_map, member.uid)
