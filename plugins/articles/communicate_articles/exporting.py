"""What articles write into a member's archive, and how they are restored."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import PRIVATE
from communicate.clock import milliseconds, moment
from communicate.ids import RANDOM_BITS, encode
from communicate.interfaces import IAuthored, IMembers
from communicate.mydata.audiences import known, told
from communicate.storage.mounts import member_mount
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import renumbered
from communicate_articles import tags
from communicate_articles.content import NAME, Article, Draft, Version
from communicate_articles.folders.uploads import row_of
from communicate_articles.forms import LONGEST_COVER, LONGEST_SUMMARY, LONGEST_TITLE
from communicate_articles.indexing import ARTICLE, settle
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.languages import TAGS
from communicate_articles.pictures import number_in, without
from communicate_articles.services import articles_of
from communicate_articles.sources import LONGEST as LONGEST_KEY
from communicate_articles.sources import remember, source_of
from communicate_articles.translations import link
from communicate_articles.words import KIND, Written

_ = TranslationStringFactory("communicate_articles")

Row = dict[str, Any]
BATCH, MOST, MOST_VERSIONS = 200, 20_000, 100_000
LONGEST = 200_000  # characters of a text
WORDS = {
    "title": _("Title"),
    "summary": _("Summary"),
    "tags": _("Tags"),
    "language": _("Language"),
    "text": _("Text"),
}
ARTICLES = {
    **WORDS,
    "audience": _("Visible to"),
    "published": _("Published"),
    "changed": _("Changed"),
    "due": _("Comes out"),
    "hidden": _("Hidden by a moderator"),
}


UPLOAD = {
    "files": _("Files"),
    "new": _("New"),
    "changed": _("Changed"),
    "same": _("Alike"),
    "left_out": _("Left out"),
}


def export(member: Any, archive: Any) -> None:
    """Write the articles of *member*, the drafts beside them, and former versions."""
    if member.request.site.get(NAME) is None:
        return
    writer = Writer(member)
    archive.records("article", writer.articles(archive), title=_("Articles"), fields=ARTICLES)
    archive.records(
        "version", writer.versions(), title=_("Former versions"),
        fields={**WORDS, "since": _("Out since"), "until": _("Replaced")},
    )  # fmt: skip
    archive.records(
        "upload", row_of(member.request, member.uid), restored=False,
        title=_("Articles brought in"), fields=UPLOAD,
    )  # fmt: skip
    feed = [{"private_feed": True}] if member.uid in member.request.site[NAME].feeds else []
    archive.records(
        "feed", feed, restored=False, title=_("Private feed"),
        fields={"private_feed": _("Has a private feed")},
    )  # fmt: skip


class Writer:
    """The records of one member."""

    def __init__(self, member: Any) -> None:
        self.uid, self.request = member.uid, member.request
        self.service = member.request.find_service(IArticles)
        self.removals = member.request.find_service(IRemovals)
        self.attachments = member.request.find_service(IAttachments)

    def own(self) -> Iterator[Article]:
        """Yield the member's articles, the oldest first."""
        return own_articles(self.request, self.uid)

    def articles(self, archive: Any) -> Iterator[Row]:
        """Yield each article with what is out and the draft beside it."""
        for article in self.own():
            out, draft = self.service.written(article), self.service.draft(article)
            shown = out or draft
            if shown is None:
                continue
            yield {
                "id": encode(article.id),
                "path": self.service.path(article),
                **words_row(shown),
                "draft": words_row(draft) if draft is not None else None,
                "written": moment(article.draft.changed) if article.draft is not None else None,
                "audience": told(self.request, self.uid, article.audience or PRIVATE),
                "created": moment(article.created),
                "published": moment(article.published) if article.published else None,
                "changed": moment(article.changed) if article.changed else None,
                "due": moment(article.due) if article.due else None,
                "source": source_of(self.request, article),
                "hidden": (self.removals.reason(article) or True) if article.hidden else False,
                "translations": [encode(number) for number in article.translations],
                "files": self._files(archive, article),
            }

    def _files(self, archive: Any, article: Article) -> list[Row]:
        """Write the files of *article*; return their records.

        They say whether they are out, and whether they go when the draft comes out.
        """
        records = self.attachments.export(archive, article)
        out, leaves = ({*map(encode, each)} for each in (article.files, without(article)))
        return [
            {**record, "out": record["id"] in out, "leaves": record["id"] in leaves}
            for record in records
        ]

    def versions(self) -> Iterator[Row]:
        """Yield each former version of each article."""
        for article in self.own():
            for version in article.versions.values():
                written = self.service.opened(version.sealed)
                if written is not None:
                    yield {
                        "article": encode(article.id),
                        **words_row(written),
                        "since": moment(version.changed),
                        "until": moment(version.replaced),
                    }


def own_articles(request: Any, uid: int) -> Iterator[Article]:
    """Yield the articles of member *uid* that are not deleted, the oldest first."""
    listed, find, last = request.find_service(IAuthored), request.find_service(IArticles).find, 0
    while numbers := listed.items(uid, ARTICLE, after=last, most=BATCH):
        for number in numbers:
            article = find(number)
            if article is not None and article.owner == uid and not article.deleted:
                yield article
        last = numbers[-1]


def words_row(written: Written) -> Row:
    """Return what a record has of *written*."""
    return {
        "title": written.title,
        "summary": written.summary,
        "tags": list(written.tags),
        "language": written.language,
        "text": written.text,
        "cover": encode(written.cover) if written.cover else None,
        "cover_text": written.cover_text,
    }


def bring_back(member: Any, archive: Any) -> None:
    """Restore the articles of *member*, who has none, from *archive*."""
    Restoring(member, archive).all()


class Restoring:
    """The restoring of one member's articles; each gets a new id, made at its own moment."""

    def __init__(self, member: Any, archive: Any) -> None:
        self.uid, self.request, self.archive = member.uid, member.request, archive
        self.service = member.request.find_service(IArticles)
        self.account = member.request.find_service(IMembers).by_uid(member.uid)
        self.made: dict[str, Article] = {}
        self.files: dict[str, str] = {}  # ids of attachments, by what they were

    def all(self) -> None:
        """Restore articles, then versions, then what is a translation of what."""
        linked = []
        for row in self.archive.records("article", most=MOST):
            article = self._article(row)
            self.made[self.archive.text(row.get("id"), 20)] = article
            linked.append((article, row.get("translations")))
        for row in self.archive.records("version", most=MOST_VERSIONS):
            self._version(row)
        for article, names in linked:
            for name in names if isinstance(names, list) else ():
                other = self.made.get(name) if isinstance(name, str) else None
                if other is not None and other is not article:
                    link(self.request, article, other)

    def _article(self, row: Row) -> Article:
        archive = self.archive
        article = Article(0, self.uid)
        article.made_at(archive.moment(row.get("created")))
        article.audience = known(self.request, self.uid, row.get("audience"), here=archive.here)
        member_mount(self.request, self.account, NAME).add(article)
        articles_of(self.request).owners[article.id] = self.uid
        self.request.find_service(IAuthored).add(self.uid, ARTICLE, article.id)
        rows = row.get("files")
        self.files |= self.request.find_service(IAttachments).bring_back(
            article, self.uid, archive, rows if isinstance(rows, list) else []
        )
        draft = row.get("draft")
        if row.get("published") is not None:
            article.published = milliseconds(archive.moment(row["published"]))
            article.changed = milliseconds(archive.moment(row.get("changed")))
            self.service.show(article, self._written(row))
            article.files = self._out(rows)
        if draft is not None or not article.published:
            self._draft(article, row, draft if isinstance(draft, dict) else row)
        if row.get("due") is not None and not article.published:
            self.service.schedule(article, archive.moment(row["due"]))
        if row.get("source") is not None:
            remember(self.request, article, archive.text(row["source"], LONGEST_KEY))
        article.hidden = row.get("hidden") not in (False, None)
        article.__parent__.note(article)
        settle(self.request, article)
        return article

    def _out(self, rows: Any) -> tuple[int, ...]:
        """Return the new ids of those files that readers see, an archive's older than that all."""
        found = rows if isinstance(rows, list) else []
        names = (str(row.get("id")) for row in found if row.get("out") is not False)
        return tuple(number_in(self.files.get(name, "")) for name in names)

    def _leaving(self, rows: Any) -> tuple[int, ...]:
        """Return the new ids of those files that go when the draft comes out."""
        found = rows if isinstance(rows, list) else []
        names = (str(row.get("id")) for row in found if row.get("leaves") is True)
        return tuple(number_in(self.files.get(name, "")) for name in names)

    def _draft(self, article: Article, row: Row, words: Row) -> None:
        self.service.save(article, self._written(words))
        if isinstance(article.draft, Draft):
            article.draft.without = self._leaving(row.get("files"))
            if row.get("written") is not None:
                article.draft.changed = milliseconds(self.archive.moment(row["written"]))

    def _version(self, row: Row) -> None:
        article = self.made.get(self.archive.text(row.get("article"), 20))
        if article is None:
            raise ValueError("a version belongs to an article that the archive lacks")
        sealed = self.service.seals.seal(self.uid, KIND, self._written(row).dump())
        since = milliseconds(self.archive.moment(row.get("since")))
        number = milliseconds(self.archive.moment(row.get("until"))) << RANDOM_BITS
        while number in article.versions or number in articles_of(self.request).versions:
            number += 1
        article.versions[number] = Version(number, sealed, since)
        articles_of(self.request).versions[number] = article.id

    def _written(self, row: Mapping[str, Any]) -> Written:
        text, named = self.archive.text, row.get("tags")
        if not isinstance(named, list):
            raise ValueError("the tags of an article are a list of words")
        return Written(
            title=text(row.get("title"), LONGEST_TITLE),
            text=renumbered(text(row.get("text"), LONGEST), self.files),
            summary=text(row.get("summary"), LONGEST_SUMMARY),
            tags=tags.split(",".join(text(each, tags.LONGEST) for each in named)),
            language=self.archive.one_of(row.get("language"), ("", *TAGS)),
            cover=number_in(self.files.get(str(row.get("cover")), "")),
            cover_text=text(row.get("cover_text", ""), LONGEST_COVER),
        )
