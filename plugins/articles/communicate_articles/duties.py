"""What articles hold of a member, and what erasing and moderating mean here."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Moderable, Path, PersonalData
from communicate.interfaces import IAuthored
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_articles.content import NAME, Article
from communicate_articles.folders import uploads
from communicate_articles.indexing import ARTICLE
from communicate_articles.interfaces import IArticles, IRemovals

_ = TranslationStringFactory("communicate_articles")

FEED, UPLOAD = "articles.feed", "articles.upload"
BATCH = 10  # articles in one transaction: each may have many versions


def kept_versions(settings: Any) -> Any:
    """Return for how long former versions are kept."""
    days = settings.get("articles.keep_versions", 180)
    return _(
        "${days} days after other words took their place, or until you erase them.",
        mapping={"days": days},
    )


PERSONAL_DATA = (
    PersonalData(
        kind=ARTICLE,
        what=_("Your articles with their titles, summaries and tags, and when each came out"),
        why=_("You wrote them for those you chose."),
        audience="private",
        retention=_("Until you delete them or erase your account."),
        stored=(
            "communicate_articles.content:Article",
            "communicate_articles.content:Shelf",
            "communicate_articles.content:Articles",
        ),
    ),
    PersonalData(
        kind="articles.draft",
        what=_("What you are writing and have not published"),
        why=_("You go on with it later."),
        audience="private",
        retention=_("Until you publish or discard it, delete the article, or erase your account."),
        stored=("communicate_articles.content:Draft",),
    ),
    PersonalData(
        kind="articles.version",
        what=_("Former versions of your articles"),
        why=_("You can look back at them, compare and restore them."),
        audience="private",
        retention=kept_versions,
        stored=(
            "communicate_articles.content:Version",
            "communicate_articles.content:Articles",
        ),
    ),
    PersonalData(
        kind=FEED,
        what=_("A fingerprint of the key in the address of your private feed of articles"),
        why=_("A feed reader shows that key in place of a password."),
        audience="private",
        retention=_("Until you revoke the feed or erase your account."),
        stored=("communicate_articles.content:Articles",),
    ),
    PersonalData(
        kind=UPLOAD,
        what=_("The ZIP of articles that you brought in last, and what became of its files"),
        why=_("The site reads it while you do something else, and tells you."),
        audience="private",
        retention=_("The ZIP until it is read, the rest for three days, or until you drop it."),
        stored=(
            "communicate_articles.content:Upload",
            "communicate_articles.content:Articles",
        ),
    ),
    PersonalData(
        kind="articles.reason",
        what=_("Why a moderator hid an article of yours"),
        why=_("So that you can read it."),
        audience="private",
        retention=_("Until it is shown again or deleted, or you erase your account."),
        stored=("communicate_articles.content:Article",),
    ),
)


def erase(member: Any, receipt: Any) -> bool:
    """Destroy one batch of the member's articles; return True where there are more."""
    request, uid = member.request, member.uid
    listed, removals = request.find_service(IAuthored), request.find_service(IRemovals)
    if request.site.get(NAME) is None:
        return False
    if request.site[NAME].feeds.pop(uid, None) is not None:
        receipt.erased(FEED, 1)
    if uploads.drop(request, uid):
        receipt.erased(UPLOAD, 1)
    numbers = listed.items(uid, ARTICLE, most=BATCH)
    for number in numbers:
        article = request.find_service(IArticles).find(number)
        if article is not None and article.owner == uid:
            removals.destroy(article)
        request.site[NAME].owners.pop(number, None)
        listed.remove(uid, ARTICLE, number)
    if numbers:
        receipt.erased(ARTICLE, len(numbers))
    return bool(numbers)


def find(request: Any, number: int) -> Article | None:
    """Return the article with that id, or None where there is none, or its author deleted it."""
    if request.site.get(NAME) is None:
        return None
    found: Article | None = request.find_service(IArticles).find(number)
    return None if found is None or found.deleted else found


def words_of(request: Any, article: Article) -> str:
    """Return the words that readers see of *article*, of a draft where it is not out."""
    service = request.find_service(IArticles)
    written = service.written(article) or service.draft(article)
    if written is None:
        return ""
    return "\n\n".join(filter(None, (written.title, written.summary, written.text)))


def hide(request: Any, article: Article, reason: str) -> None:
    """Hide *article* from all but its author, who reads the *reason*, and moderators."""
    request.find_service(IRemovals).set_hidden(article, True, reason)


def restore(request: Any, article: Article) -> None:
    """Show a hidden article again to its readers."""
    request.find_service(IRemovals).set_hidden(article, False)


def delete(request: Any, article: Article) -> None:
    """Destroy *article* with its pictures, versions and comments."""
    request.find_service(IRemovals).destroy(article)


def forget(request: Any, article: Article, uid: int) -> None:
    """Destroy *article* for its author, member *uid*."""
    if article.owner == uid:
        request.find_service(IRemovals).destroy(article)


MODERABLES = (
    Moderable(ARTICLE, _("Article"), find, words_of, hide, delete, restore=restore, forget=forget),
)
PATHS = (
    Path("articles/page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),
)
