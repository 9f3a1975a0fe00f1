"""The form in which a message is written."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IMembers
from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button
from communicate.writing.interfaces import IAttachments
from communicate_email.attaching import taking
from communicate_email.composing import Draft, File
from communicate_email.errors import Refused
from communicate_email.formatted import cleaned, document
from communicate_email.identities import Identities
from communicate_email.mime.filenames import safe
from communicate_email.people import Person, typed
from communicate_email.sending.checking import checked
from communicate_email.views.desk import Desk
from communicate_email.views.prose import prose

_ = TranslationStringFactory("communicate_email")

LONGEST = 200_000  # characters of a message
LONGEST_PEOPLE = 40_000
LONGEST_SUBJECT = 500
KEPT = "kept"
KEEP = "keep"  # the button that puts the message into the folder of drafts
PLAIN, FORMATTED = "plain", "formatted"
FORMATTED_HELP = _(
    "Formatted, what you write in Markdown goes out as simple HTML, beside the text as it is."
)
FORMATS = ((PLAIN, _("Plain text")), (FORMATTED, _("Formatted")))


def people_field(desk: Desk, title: Any, name: str, **more: Any) -> Any:
    """Return the field for logins and addresses, completed while they are typed."""
    attributes = {
        "data-people": f"{desk.base}/people",
        "data-addresses": "",
        "data-longest": "254",
        "data-remove": "–",
        "autocapitalize": "none",
    }
    return fields.line(title, longest=LONGEST_PEOPLE, attributes=attributes, name=name, **more)


def write_form(
    desk: Desk, path: str, values: dict[str, Any], kept: list[tuple[str, str]] | None = None
) -> Form:
    """Return the form at *path*; *kept* are files of another message that go along."""
    schema, identities = Schema(), Identities(desk.request, desk.account)
    addresses = list(dict.fromkeys([*desk.addresses, *filter(None, [values.get("sender")])]))
    if len(addresses) > 1:
        choices = [(address, str(identities.person(address))) for address in addresses]
        schema.add(fields.choice(_("From"), choices, folded=True, name="sender"))
    help_text = _("Addresses, or logins of members, with commas between them.")
    schema.add(people_field(desk, _("To"), "to", required=False, help=help_text))
    schema.add(people_field(desk, _("Cc"), "cc", required=False))
    schema.add(
        people_field(desk, _("Bcc"), "bcc", required=False, help=_("The others do not see them."))
    )
    schema.add(fields.line(_("Subject"), longest=LONGEST_SUBJECT, name="subject", required=False))
    takes = taking(desk.request.registry.settings, desk.base)
    schema.add(
        fields.words(
            _("Message"), longest=LONGEST, rows=14, attaches=takes, name="body", required=False
        )
    )
    schema.add(
        fields.choice(_("Sent as"), FORMATS, name="format", missing=PLAIN, help=FORMATTED_HELP)
    )
    for number, name in kept or []:
        label = _("With the file “${name}”", mapping={"name": name})
        schema.add(fields.checkbox(label, name=f"{KEPT}-{number.replace('.', '-')}"))
    keep = Button(KEEP, _("Keep among the drafts"))
    buttons = [Button("send", _("Send"), icon="send"), keep, preview_button()]
    first = {"sender": addresses[0], "format": PLAIN, **values}
    first.update({f"{KEPT}-{number.replace('.', '-')}": True for number, _name in kept or []})
    return Form(schema, desk.request, buttons, values=first, action=path, place=path)


def kept_in(values: dict[str, Any], kept: list[tuple[str, str]]) -> list[str]:
    """Return the numbers of the parts that are to go along."""
    return [number for number, _name in kept if values.get(f"{KEPT}-{number.replace('.', '-')}")]


def preview(values: dict[str, Any]) -> Any:
    """Return the message of *values* as its reader sees it."""
    body = values["body"]
    return cleaned(body) if values["format"] == FORMATTED else prose(body)


def draft_in(desk: Desk, form: Form, values: dict[str, Any], *, nobody: bool = False) -> Draft:
    """Return what *values* say; raise FormInvalid beside the field that is wrong.

    *nobody* says that it may be for nobody yet.
    """
    people = {name: people_in(desk, form, name, values[name]) for name in ("to", "cc", "bcc")}
    if not nobody and not any(people.values()):
        form.fail("to", _("Say to whom this goes: one address at least."))
    identities = Identities(desk.request, desk.account)
    return Draft(
        sender=identities.person(values.get("sender") or desk.addresses[0]),
        subject=values["subject"],
        text=values["body"],
        html=document(values["body"]) if values["format"] == FORMATTED else "",
        files=files_in(desk, form),
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
    )


def people_in(desk: Desk, form: Form, name: str, text: str) -> list[Person]:
    """Return whom *text* names: a login stands for that member's address."""
    found: dict[str, Person] = {}
    for person in typed(text):
        try:
            address = _address(desk, person.address)
        except Refused as error:
            form.fail(name, error.reason)
        found.setdefault(address, Person(person.name, address))
    return list(found.values())


def _address(desk: Desk, word: str) -> str:
    if "@" in word:
        return checked(word)
    if desk.request.find_service(IMembers).by_login(word) is None:
        words = {"login": word[:254]}
        raise Refused(_("Nobody has the login ${login}.", mapping=words))
    domain = desk.request.registry.settings["email.domain"]
    return f"{word.lower()}@{domain}"


def files_in(desk: Desk, form: Form) -> list[File]:
    """Return the files that were attached to *form*, but for those that are ticked off."""
    attachments = desk.request.find_service(IAttachments)
    left = [(one, name) for one, name in form.attached if one.id not in form.removed]
    return [File(safe(name) or "file", attachments.data(one)) for one, name in left]
