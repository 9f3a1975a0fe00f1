"""What is stored of how much members store: see `communicate.duties`."""

from collections.abc import Callable
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import PersonalData
from communicate.quota.services import storage_of

_: Callable[..., str] = TranslationStringFactory("communicate")

KIND = "communicate.storage"


def personal_data() -> list[PersonalData]:
    """Return what is kept."""
    return [
        PersonalData(
            KIND,
            _("How many bytes each service keeps of you"),
            _("To give everybody the same room, and to show you yours"),
            "private",
            _("Until you erase your account"),
            ("communicate.quota.content:Storage", "communicate.quota.content:Used"),
        )
    ]


def erase(member: Any, _receipt: Any) -> bool:
    """Count nothing of *member* any more: what is destroyed from now on was nobody's."""
    storage_of(member.request).forget(member.uid)
    return False
