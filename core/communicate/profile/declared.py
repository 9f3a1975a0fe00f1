"""What profiles state to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.catalog.loading import resolve
from communicate.declarations import Indexable, Moderable, Path, PersonalData
from communicate.interfaces import ICatalog, IMembers
from communicate.permissions import VIEW
from communicate.profile import found, indexing
from communicate.profile.content import NAME, Element, profile_of
from communicate.profile.exporting import bring_back, export  # noqa: F401  # duties
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import KINDS
from communicate.security import permits

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.profile.content"


def personal_data() -> list[PersonalData]:
    """Return what a space keeps of its member."""
    return [
        PersonalData(
            "communicate.profile",
            _("What you say about yourself, your picture, and who may see each of it (sealed)"),
            _("To show it to those whom you choose"),
            "private",
            _("Until you delete it or erase your account"),
            (f"{CONTENT}:Profile", f"{CONTENT}:Element"),
        ),
        PersonalData(
            "communicate.seen",
            _("The day on which you were here last, while you show it to anybody"),
            _("To show it to those whom you choose"),
            "private",
            _("Until you make it private again or erase your account"),
            ("communicate.accounts.content:Member",),
        ),
    ]


def indexables() -> list[Indexable]:
    """Let elements be found, and members who chose to be."""
    return [
        Indexable(
            indexing.MEMBER,
            indexing.walk,
            indexing.entry_of_member,
            _("Members"),
            "person",
            found.member,
        ),
        Indexable(
            indexing.ELEMENT,
            indexing.walk,
            indexing.entry_of_element,
            _("From spaces"),
            "card-text",
            found.element,
            part=True,
        ),
    ]


def shown(request: Any, thing: Any) -> bool:
    """Tell whether the space in which *thing* lies shows it to the viewer of *request*."""
    if not isinstance(thing, Element):
        return bool(permits(request, thing, VIEW))
    return thing in request.find_service(IProfiles).visible(thing.__parent__.__parent__)


def paths() -> list[Path]:
    """Declare the page of a space, which gathers what many objects hold."""
    return [Path("spaces/page", "read", shown)]


def find(request: Any, number: int) -> Element | None:
    """Return the element with that id and a value, or None; ask before it is shown."""
    catalog = request.find_service(ICatalog)
    hits = catalog.catalog.governed(number, number - 1, 1)
    things = [resolve(request.site, hit) for hit in hits if hit.id == number]
    found = things[0] if things else None
    return found if isinstance(found, Element) and found.kind in KINDS else None


def words(request: Any, element: Element) -> str:
    """Return the exact words of *element* now."""
    return indexing.words_of(request, element) or str(request.page.say(_("(a picture)")))


def hide(request: Any, element: Element, _reason: str) -> None:
    """Hide *element* from all but its owner and moderators."""
    request.find_service(IProfiles).conceal(element, hidden=True)


def restore(request: Any, element: Element) -> None:
    """Show *element* again to its audience."""
    request.find_service(IProfiles).conceal(element, hidden=False)


def delete(request: Any, element: Element) -> None:
    """Delete *element*."""
    request.find_service(IProfiles).delete(element)


def forget(request: Any, element: Element, _uid: int) -> None:
    """Delete *element* for its owner."""
    request.find_service(IProfiles).delete(element)


def moderables() -> list[Moderable]:
    """Let elements be reported."""
    title = _("Part of a space")
    return [
        Moderable(
            indexing.ELEMENT, title, find, words, hide, delete, restore=restore, forget=forget
        )
    ]


def erase(member: Any, receipt: Any) -> None:
    """Empty the space of *member*."""
    account = member.request.find_service(IMembers).by_uid(member.uid, closed=True)
    profile = None if account is None else profile_of(account)
    if profile is not None:
        receipt.erased(indexing.ELEMENT, len(profile))
        account.portrait = account.seen = None
        del account[NAME]


def held(request: Any, _uid: int) -> dict[str, int]:
    """Return how much stands in the member's space."""
    profile = profile_of(request.member)
    return {"communicate.profile": 0 if profile is None else len(profile.order)}
