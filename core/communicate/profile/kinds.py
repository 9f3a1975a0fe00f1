"""The kinds of elements: what members may say of themselves, and what may be seen of them."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate")


class Kind(NamedTuple):
    """A kind of element with a value.

    *form* is how it is written and shown: see `communicate.profile.values`.  At most *most* of it
    in one space; *label* is "" (none), "may" or "must" have a label of the owner's.
    """

    name: str
    title: Any
    icon: str
    form: str = "line"
    most: int = 10
    label: str = ""


KINDS = {
    kind.name: kind
    for kind in (
        Kind("name", _("Name"), "person-badge", most=1),
        Kind("picture", _("Picture"), "image", "picture", most=1),
        Kind("text", _("About me"), "card-text", "markdown", most=5, label="may"),
        Kind("birthday", _("Birthday"), "cake2", "day", most=1),
        Kind("place", _("Place"), "geo-alt"),
        Kind("language", _("Language"), "translate"),
        Kind("occupation", _("Occupation"), "briefcase"),
        Kind("interest", _("Interest"), "star", most=30),
        Kind("web", _("Web site"), "link-45deg", "web", label="may"),
        Kind("phone", _("Telephone"), "telephone", "phone", label="may"),
        Kind("email", _("E-mail"), "envelope", "email", label="may"),
        Kind("postal", _("Postal address"), "house", "lines", label="may"),
        Kind("other", _("Something else"), "pencil", "lines", most=30, label="must"),
    )
}
MOST = 100  # elements with a value in one space


class Standing(NamedTuple):
    """A kind without a value of its own: what it lets people see, in a sentence."""

    name: str
    title: Any
    icon: str
    help: Any


AVATAR, SEEN, DIRECTORY, CONTACTS, COUNTS = "avatar", "seen", "directory", "contacts", "counts"
STANDING = {
    kind.name: kind
    for kind in (
        Standing(
            DIRECTORY,
            _("Place in the list of members"),
            "list-ul",
            _("Who finds you in the list of members, and by the words that they may read here."),
        ),
        Standing(
            AVATAR,
            _("Small picture"),
            "person-circle",
            _("Who sees your picture, small, beside what you write."),
        ),
        Standing(
            SEEN,
            _("Last visit"),
            "clock",
            _("Who sees the day on which you were here last. While it is private, none is kept."),
        ),
        Standing(
            CONTACTS,
            _("List of contacts"),
            "people",
            _("Who sees whom you know. Those of them who do not show theirs stay out of it."),
        ),
        Standing(
            COUNTS,
            _("Number of contacts"),
            "123",
            _("Who sees how many people you know, without their names."),
        ),
    )
}


def kind_of(element: Any) -> Any:
    """Return the `Kind` or `Standing` of *element*; raise KeyError where there is none."""
    return KINDS[element.kind] if element.kind in KINDS else STANDING[element.kind]
