"""What the catalog states to the hooks: see `communicate.duties`."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.catalog.jobs import rewrite
from communicate.catalog.reindex import RELATIONS_JOB, relate
from communicate.catalog.rights import WORDS_JOB
from communicate.declarations import Job, PersonalData
from communicate.interfaces import ICatalog

_ = TranslationStringFactory("communicate")

BATCH = 50  # items forgotten at once


def jobs() -> list[Job]:
    """Return the job that follows a change of audience, and the one that follows a crash."""
    return [Job(WORDS_JOB, rewrite), Job(RELATIONS_JOB, relate)]


def personal_data() -> list[PersonalData]:
    """Return what the catalog holds of members."""
    return [
        PersonalData(
            kind="communicate.catalog",
            what=_("An index of what you wrote: where it is, when, who may read it"),
            why=_("So that others find what you let them read, and you find your own"),
            audience="private",
            retention=_("Until you delete the thing or erase your account"),
            stored=("catalog_item", "catalog_right", "catalog_holder", "catalog_block"),
        ),
        PersonalData(
            kind="communicate.catalog.sealed",
            what=_("The words of what only you or few others may read, sealed under your key"),
            why=_("So that you find it, and those to whom you show it"),
            audience="private",
            retention=_("Until you delete the thing or erase your account"),
            stored=("catalog_sealed",),
        ),
        PersonalData(
            kind="communicate.catalog.words",
            what=_("The words of what members or everyone may read, in no order"),
            why=_("So that it can be searched"),
            audience="members",
            retention=_("Until you delete the thing, narrow who sees it or erase your account"),
            stored=("catalog_words", "catalog_label"),
        ),
    ]


def erase(member: Any, receipt: Any) -> bool:
    """Forget a batch of what *member* authored, at last every row that names it; tell of more."""
    catalog = member.request.registry.getUtility(ICatalog)
    if catalog.forget_authored(member.uid, BATCH) == BATCH:
        return True
    member.request.find_service(ICatalog).forget(member.uid)
    return False
