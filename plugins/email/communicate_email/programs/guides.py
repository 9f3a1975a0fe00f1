"""How each of a few mail programs is set up, step by step, for one member."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email.programs.apple import Person
from communicate_email.programs.servers import IMAP, TLS, Server, Servers

_ = TranslationStringFactory("communicate_email")


class Guide(NamedTuple):
    """What to do in one program; *code* goes into its file, *note* is a word of caution."""

    name: str
    icon: str
    title: Any
    steps: list[Any]
    code: str = ""
    note: Any = ""


def guides(there: Servers, person: Person) -> list[Guide]:
    """Return those that fit what is served; none where nothing can be read."""
    if there.reading is None:
        return []
    found = [thunderbird(person), apple(there), outlook(person), android(person)]
    if there.reading.kind == IMAP:
        found.append(mutt(there.reading, there.writing, person))
    return found


def thunderbird(person: Person) -> Guide:
    """Return how Thunderbird is set up."""
    return Guide(
        "thunderbird",
        "pc-display",
        "Thunderbird",
        [
            _("Open the menu, then New Account, Email."),
            _(
                "Type your name and ${address}, then the app password.",
                {"address": person.address},
            ),
            _("It finds the servers by itself. If not, configure it by hand, with what is above."),
        ],
    )


def apple(there: Servers) -> Guide:
    """Return how Apple's programs are set up: by a file where both ways are served."""
    title = _("iPhone, iPad and Mac")
    if there.writing is None:
        by_hand = [
            _("In the settings, open Mail, Accounts, and add one of the kind Other."),
            _("Type what is above, and the app password."),
        ]
        return Guide("apple", "phone", title, by_hand)
    return Guide(
        "apple",
        "phone",
        title,
        [
            _("Open this page on the device, and download the profile."),
            _(
                "Open it in the settings: General, VPN & Device Management on iPhone and iPad; "
                "General, Device Management on a Mac."
            ),
            _("Install it. It asks for the app password where the file does not hold it."),
        ],
    )


def outlook(person: Person) -> Guide:
    """Return how Outlook is set up, and what other programs of that name do."""
    return Guide(
        "outlook",
        "windows",
        _("Outlook (classic)"),
        [
            _("Open File, Add Account, and type ${address}.", {"address": person.address}),
            _("If it does not find the servers, set it up by hand as IMAP, with what is above."),
            _("Type the app password when it asks for a password."),
        ],
        note=_(
            "The new Outlook for Windows, and Outlook on phones, hand your password to Microsoft, "
            "whose machines then read your mail. Take another program if you do not want that."
        ),
    )


def android(person: Person) -> Guide:
    """Return how programs on Android are set up."""
    return Guide(
        "android",
        "phone",
        _("Android: Thunderbird, K-9 Mail, FairEmail"),
        [
            _(
                "Add an account, and type ${address}; in FairEmail, by the quick setup.",
                {"address": person.address},
            ),
            _("Type the app password."),
            _("If it does not find the servers, type what is above."),
        ],
    )


def mutt(reading: Server, writing: Server | None, person: Person) -> Guide:
    """Return how mutt and NeoMutt are set up."""
    step = _("Put these lines into the file muttrc. It asks for the app password when it starts.")
    code = "\n".join(muttrc(reading, writing, person))
    return Guide("mutt", "terminal", "mutt, NeoMutt", [step], code)


def muttrc(reading: Server, writing: Server | None, person: Person) -> list[str]:
    """Return lines of ``muttrc``."""
    login = person.address.partition("@")[0]
    secure = "s" if reading.security == TLS else ""
    lines = [
        f"set from = {quoted(person.address)}",
        f"set realname = {quoted(person.name)}" if person.name else "",
        f"set imap_user = {quoted(login)}",
        f'set folder = "imap{secure}://{reading.host}:{reading.port}/"',
        'set spoolfile = "+INBOX"',
        'set record = "+Sent"',
        'set postponed = "+Drafts"',
        'set trash = "+Trash"',
        "set ssl_starttls = yes",
        "set ssl_force_tls = yes",
    ]
    if writing is not None:
        secure = "s" if writing.security == TLS else ""
        lines.append(f'set smtp_url = "smtp{secure}://{login}@{writing.host}:{writing.port}/"')
    return [line for line in lines if line]


def quoted(text: str) -> str:
    """Return *text* as one word of ``muttrc``, in which nothing is run or put in."""
    kept = "".join(f"\\{each}" if each in '\\"$`' else each for each in text if each.isprintable())
    return f'"{kept}"'
