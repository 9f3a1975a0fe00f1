"""The form in which a message is written."""

import re
from typing import Any, ClassVar

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IMembers
from communicate.web import fields
from communicate.web.forms import Button, Form, Schema
from communicate.web.widgets import FileWidget
from communicate_email.composing import Draft, File
from communicate_email.errors import Refused
from communicate_email.mime.filenames import safe
from communicate_email.sending.checking import checked
from communicate_email.views.desk import Desk

_ = TranslationStringFactory("communicate_email")

LONGEST = 200_000  # characters of a message
LONGEST_PEOPLE = 10_000
LONGEST_SUBJECT = 500
MOST_FILES = 50
KEPT, FILES = "kept", "files"
_BETWEEN = re.compile(r"[\s,;]+")


class SeveralFiles(FileWidget):
    """Files, which the view takes from the request."""

    template: ClassVar[str] = "file"

    def sent_in(self, field: Any, posted: Any) -> Any:
        """Return nothing."""
        return None


def people_field(title: Any, name: str, **more: Any) -> Any:
    """Return the field for logins and addresses, completed while they are typed."""
    attributes = {
        "data-people": "/people",
        "data-longest": "254",
        "data-remove": "–",
        "autocapitalize": "none",
    }
    return fields.line(title, longest=LONGEST_PEOPLE, attributes=attributes, name=name, **more)


def write_form(
    desk: Desk, path: str, values: dict[str, Any], kept: list[tuple[str, str]] | None = None
) -> Form:
    """Return the form at *path*; *kept* are files of another message that go along."""
    schema, addresses = Schema(), desk.addresses
    if len(addresses) > 1:
        choices = [(address, address) for address in addresses]
        schema.add(fields.choice(_("From"), choices, folded=True, name="sender"))
    help_text = _("Addresses, or logins of members, with commas between them.")
    schema.add(people_field(_("To"), "to", required=False, help=help_text))
    schema.add(people_field(_("Cc"), "cc", required=False))
    schema.add(
        people_field(_("Bcc"), "bcc", required=False, help=_("The others do not see them."))
    )
    schema.add(fields.line(_("Subject"), longest=LONGEST_SUBJECT, name="subject", required=False))
    schema.add(
        fields.area(
            _("Message"), longest=LONGEST, rows=14, drafts=True, name="body", required=False
        )
    )
    for number, name in kept or []:
        label = _("With the file “${name}”", mapping={"name": name})
        schema.add(fields.checkbox(label, name=f"{KEPT}-{number.replace('.', '-')}"))
    files = fields.file(_("Files"), name=FILES, required=False)
    files.widget = SeveralFiles(attributes={"multiple": "multiple"})
    schema.add(files)
    buttons = [Button("send", _("Send"), icon="send")]
    first = {"sender": addresses[0] if addresses else "", **values}
    first.update({f"{KEPT}-{number.replace('.', '-')}": True for number, _name in kept or []})
    return Form(schema, desk.request, buttons, values=first, action=path, place=path)


def kept_in(values: dict[str, Any], kept: list[tuple[str, str]]) -> list[str]:
    """Return the numbers of the parts that are to go along."""
    return [number for number, _name in kept if values.get(f"{KEPT}-{number.replace('.', '-')}")]


def draft_in(desk: Desk, form: Form, values: dict[str, Any]) -> Draft:
    """Return what *values* say; raise FormInvalid beside the field that is wrong."""
    people = {name: addresses_in(desk, form, name, values[name]) for name in ("to", "cc", "bcc")}
    if not any(people.values()):
        form.fail("to", _("Say to whom this goes: one address at least."))
    return Draft(
        sender=values.get("sender") or desk.addresses[0],
        subject=values["subject"],
        text=values["body"],
        files=files_in(desk, form),
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
    )


def addresses_in(desk: Desk, form: Form, name: str, text: str) -> list[str]:
    """Return the addresses that *text* names: a login stands for that member's."""
    found: list[str] = []
    for word in filter(None, _BETWEEN.split(text)):
        try:
            found.append(_address(desk, word.strip("<>")))
        except Refused as error:
            form.fail(name, error.reason)
    return list(dict.fromkeys(found))


def _address(desk: Desk, word: str) -> str:
    if "@" in word:
        return checked(word)
    if desk.request.find_service(IMembers).by_login(word) is None:
        words = {"login": word[:254]}
        raise Refused(_("Nobody has the login ${login}.", mapping=words))
    domain = desk.request.registry.settings["email.domain"]
    return f"{word.lower()}@{domain}"


def files_in(desk: Desk, form: Form) -> list[File]:
    """Return the files that came with the form; raise FormInvalid where they are too many."""
    settings = desk.request.registry.settings
    uploads = [one for one in desk.request.POST.getall(FILES) if getattr(one, "filename", "")]
    if len(uploads) > MOST_FILES:
        form.fail(FILES, _("Send at most ${n} files at once.", mapping={"n": MOST_FILES}))
    found = [File(safe(one.filename) or "file", one.file.read()) for one in uploads]
    if sum(len(one.data) for one in found) > settings["email.message_size"] * 3 // 4:
        form.fail(FILES, _("This message is too large. Send what is large as a link."))
    return found
