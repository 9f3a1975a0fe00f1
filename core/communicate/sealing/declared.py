"""What sealing states to the hooks: see `communicate.duties`."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import PersonalData

_ = TranslationStringFactory("communicate")


def personal_data() -> list[PersonalData]:
    """Return what the key ring keeps of a member."""
    return [
        PersonalData(
            kind="communicate.keys",
            what=_("A key of your own, itself locked with the key of the site"),
            why=_("What you write is sealed with it; once it is destroyed, nobody opens that"),
            audience="private",
            retention=_("Until you erase your account"),
            stored=("keyring_keys",),
        )
    ]
