"""What contacts state to the hooks: see `communicate.duties`."""

from collections.abc import Mapping
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.contacts.erasing import Erasing
from communicate.contacts.exporting import bring_back, export  # noqa: F401  # duties
from communicate.contacts.services import ACCEPTED, FORGET_JOB, REQUEST
from communicate.declarations import Block, Job, Notification, PersonalData
from communicate.interfaces import IContacts, IMembers

_ = TranslationStringFactory("communicate")

CONTENT = "communicate.contacts.content"
SHOWN = 5  # requests on the home page


def home(request: Any) -> list[Block]:
    """Return the block with requests that wait for the member's answer."""
    if request.member is None or not request.page.asked:
        return []
    login_of = request.find_service(IMembers).login_of
    received = request.find_service(IContacts).received(request.member.uid, most=SHOWN)
    rows = [(login_of(each.sender), each) for each in received]
    html = render("communicate:templates/contacts/home.pt", {"rows": rows}, request)
    return [Block("contacts", _("Requests to you"), html, 8, waiting=True)] if rows else []


def jobs() -> list[Job]:
    """Return the job that destroys the note of a request that was declined."""
    return [Job(FORGET_JOB, forget)]


def forget(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy the note of the request that *payload* names, unless that waits again."""
    request.find_service(IContacts).forget_note(payload["uid"], payload["sender"])


def personal_data() -> list[PersonalData]:
    """Return what is kept here of a member."""
    return [
        PersonalData(
            "communicate.contacts",
            _("Your contacts, and requests to you and from you with their notes (sealed)"),
            _("So that you can show things to the people you know"),
            "private",
            _("Until one of you ends it or erases the account"),
            (
                f"{CONTENT}:Contacts",
                f"{CONTENT}:Person",
                f"{CONTENT}:Asked",
                "communicate.accounts.content:Member",
            ),
        ),
        PersonalData(
            "communicate.circles",
            _("Your circles: their names (sealed), and who is in them"),
            _("So that you can show things to some of your contacts"),
            "private",
            _("Until you delete the circle or erase your account"),
            (f"{CONTENT}:Circle", "communicate.accounts.content:Members"),
        ),
        PersonalData(
            "communicate.blocks",
            _("Whom you have blocked"),
            _("To keep them from you on every page"),
            "private",
            _("Until you take it back, or one of you erases the account"),
            (f"{CONTENT}:Person", "communicate.accounts.content:Member"),
        ),
    ]


def erase(member: Any, receipt: Any) -> bool:
    """Take *member* out of what others hold, and forget what it held; True where more is left."""
    return Erasing(member.request, member.uid).batch()


def notifications() -> list[Notification]:
    """Return the kinds of notice about contacts."""
    return [
        Notification(
            REQUEST,
            _("Somebody asks to be your contact"),
            _("${who} asks to be your contact."),
            _("${n} people ask to be your contacts."),
            icon="person-plus",
            mail="daily",
        ),
        Notification(
            ACCEPTED,
            _("Somebody accepts your request"),
            _("${who} is your contact now."),
            _("${n} people are your contacts now."),
            icon="person-check",
            mail="never",
        ),
    ]


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how much there is of what is kept of member *uid*."""
    service = request.find_service(IContacts)
    person = service.person(uid)
    return {
        "communicate.contacts": service.count(uid),
        "communicate.circles": 0 if person is None else len(person.circles),
        "communicate.blocks": 0 if person is None else len(person.blocked),
    }
