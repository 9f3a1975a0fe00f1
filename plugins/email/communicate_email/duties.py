"""What e-mail holds of a member, and what erasing it means."""

from collections.abc import Mapping
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck, Notification, Path, PersonalData, Scope
from communicate.interfaces import IMembers
from communicate.permissions import DELETE, EDIT, VIEW
from communicate.security import permits
from communicate.storage.work import work
from communicate_email.addresses import ALIAS, forget_aliases
from communicate_email.content import NAME, SCOPE
from communicate_email.identities import IDENTITY
from communicate_email.store import rows as rowing
from communicate_email.store.away import AWAY
from communicate_email.store.boxes import NAMED, account_of, office_of
from communicate_email.store.carrying import CARRIED, ENDED
from communicate_email.store.filtering import SCRIPT
from communicate_email.store.flags import KEYWORDS
from communicate_email.store.keeping import MESSAGE
from communicate_email.store.pictures import PICTURES
from communicate_email.store.steps import STEP
from communicate_email.store.trying import APPLIED

_ = TranslationStringFactory("communicate_email")

CONTENT = "communicate_email.content"


def kept_messages(settings: Mapping[str, Any]) -> Any:
    """Return for how long messages are kept."""
    return _(
        "Until you delete them for good: in the trash ${trash} days, in the junk folder ${junk} "
        "days; until you erase your account.",
        mapping={
            "trash": settings.get("email.trash_days", 30),
            "junk": settings.get("email.junk_days", 30),
        },
    )


PERSONAL_DATA = (
    PersonalData(
        kind=MESSAGE,
        what=_(
            "Your mail: messages, how each came, what lists show of them and the words by which "
            "you find them (all sealed), their sizes, dates and marks, and which belong together"
        ),
        why=_("You write it and receive it."),
        audience="private",
        retention=kept_messages,
        stored=tuple(
            f"{CONTENT}:{name}"
            for name in (
                "Account",
                "Mailbox",
                "Rows",
                "Heads",
                "Mail",
                "Words",
                "Bag",
                "Office",
                "Marked",
            )
        ),
    ),
    PersonalData(
        kind=NAMED,
        what=_("Your folders of mail, with their names (sealed)"),
        why=_("So that you find your mail."),
        audience="private",
        retention=_("Until you delete them or erase your account."),
        stored=(f"{CONTENT}:Mailbox", f"{CONTENT}:Account"),
    ),
    PersonalData(
        kind=KEYWORDS,
        what=_("The labels that you give to messages, with their names and colours (sealed)"),
        why=_("So that you and your programs find your mail."),
        audience="private",
        retention=_("Until you delete them or erase your account."),
        stored=(f"{CONTENT}:Account",),
    ),
    PersonalData(
        kind=STEP,
        what=_(
            "What you did last with messages, in numbers, and whether your lists show "
            "conversations"
        ),
        why=_("So that you can take it back, and find your lists as you left them."),
        audience="private",
        retention=_(
            "The step until the next one, and ten minutes at most in use; your choice until you "
            "erase your account."
        ),
        stored=(f"{CONTENT}:Step", f"{CONTENT}:Account"),
    ),
    PersonalData(
        kind=SCRIPT,
        what=_(
            "Your filters (sealed), and, by marks that name nobody, whom your answer to those "
            "who write while you are away has reached"
        ),
        why=_("They sort what comes in, and nobody is answered twice."),
        audience="private",
        retention=_("Until you delete them or erase your account."),
        stored=(f"{CONTENT}:Account",),
    ),
    PersonalData(
        kind=PICTURES,
        what=_("The senders whose pictures you have loaded unasked (sealed)"),
        why=_("You chose it."),
        audience="private",
        retention=_("Until you take it back or erase your account."),
        stored=(f"{CONTENT}:Account",),
    ),
    PersonalData(
        kind=CARRIED,
        what=_("Files of mail that you bring or take home, with their names (sealed)"),
        why=_("A job reads or makes them while you do something else."),
        audience="private",
        retention=_("What you bring: until it is read. What you take home: three days."),
        stored=(f"{CONTENT}:Carried", f"{CONTENT}:Account"),
    ),
    PersonalData(
        kind=AWAY,
        what=_("Your away answer: what it says, from when to when, and to whom it goes (sealed)"),
        why=_("Those who write to you are told that you are away."),
        audience="private",
        retention=_("Until you delete it or erase your account."),
        stored=(f"{CONTENT}:Account",),
    ),
    PersonalData(
        kind=IDENTITY,
        what=_("The names and the signatures with which you write, for each address (sealed)"),
        why=_("Your messages begin and end as you wish."),
        audience="private",
        retention=_("Until you delete them or erase your account."),
        stored=(f"{CONTENT}:Account",),
    ),
    PersonalData(
        kind=ALIAS,
        what=_(
            "Your further addresses, with your notes (sealed), until when they hold and how many "
            "messages came by each"
        ),
        why=_("What is sent to them reaches you."),
        audience="private",
        retention=_(
            "Until you remove them or erase your account; that an address was somebody’s stays "
            "known, so that nobody else gets it."
        ),
        stored=(f"{CONTENT}:Alias", f"{CONTENT}:Account", f"{CONTENT}:Office"),
    ),
)


def erase(member: Any, receipt: Any) -> bool:
    """Erase all mail of the member at once: what hangs under one account goes with it."""
    office, account = office_of(member.request), account_of(member.request, member.uid)
    if office is None or account is None:
        return False
    receipt.erased(MESSAGE, sum(box.count for box in account.boxes.values()))
    receipt.erased(NAMED, len(account.boxes))
    receipt.erased(ALIAS, forget_aliases(office, account))
    del office.accounts[member.uid]
    owner = member.request.find_service(IMembers).by_uid(member.uid, closed=True)
    if owner is not None and owner.get(NAME) is account:
        del owner[NAME]
    return False


def storage_use(member: Any) -> int:
    """Return how many bytes the member's messages have; a copy in another folder takes none."""
    account = account_of(member.request, member.uid)
    if account is None:
        return 0
    sizes: dict[int, int] = {}
    for box in account.boxes.values():
        sizes.update((row.id, row.size) for row in rowing.every(box))
    return sum(sizes.values())


def unread(request: Any) -> int:
    """Return how many messages the viewer has not read of what came in."""
    account = account_of(request, request.member.uid)
    return 0 if account is None else account.box("inbox").unseen


def _reaches(permission: str) -> Any:
    return lambda request, thing: bool(permits(request, thing, permission))


def _by_program(request: Any, thing: Any) -> bool:
    """Tell whether the folder *thing* is among those that a program of the viewer finds."""
    from communicate_email.imap.folders import Folders  # what IMAP is made of: rarely wanted
    from communicate_email.signing import Closed

    if request.member is None:
        return False
    try:
        return Folders(request, request.member.uid).by_id(thing.id) is thing
    except Closed:
        return False


PATHS = (
    Path("mail store", "read", _reaches(VIEW)),
    Path("mail store", "edit", _reaches(EDIT)),
    Path("mail store", "delete", _reaches(DELETE)),
    *(Path("mail programs", verb, _by_program) for verb in ("read", "edit", "delete")),
)
NOTICES = (
    Notification(
        kind=ENDED,
        title=_("Mail has been brought, or can be taken home"),
        sentence=_("Your files of mail are ready: see what came in, or take them home."),
        several=_("Your files of mail are ready."),
        icon="box-arrow-in-down",
        mail="never",
    ),
    Notification(
        kind=APPLIED,
        title=_("A filter has gone through your mail"),
        sentence=_("A filter has gone through your inbox: what it meant is where you wanted it."),
        several=_("${n} filters have gone through your inbox."),
        icon="funnel",
        mail="never",
    ),
)
SCOPES = (Scope(SCOPE, _("Mail: read, write and send it with a mail program")),)


def check_postmaster(registry: Any) -> str | None:
    """Return what to do where nobody reads what is for the postmaster."""
    login = registry.settings["email.postmaster"]
    if not login:
        return "Nobody reads postmaster@: write a member's login as email.postmaster."
    found = work(registry, lambda request: request.find_service(IMembers).by_login(login))
    if found is None:
        return "email.postmaster names nobody who is a member: write another login."
    return None


HEALTH = (
    HealthCheck(
        "email.postmaster", _("Somebody reads what is for the postmaster"), check_postmaster
    ),
)
