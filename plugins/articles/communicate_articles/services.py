"""Writing articles: `IArticles`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate import clock
from communicate.audience import PRIVATE, Audience
from communicate.catalog import set_audience
from communicate.clock import milliseconds, now
from communicate.ids import encode, new_id
from communicate.interfaces import IAuthored, IMarkdown, IMembers, IOutbox, ISeals
from communicate.storage.mounts import member_mount
from communicate.web.longtext import count_words, first_words
from communicate.writing.interfaces import IAttachments
from communicate_articles.content import NAME, Article, Articles, Draft, Version
from communicate_articles.indexing import ARTICLE, settle
from communicate_articles.interfaces import IArticles
from communicate_articles.words import KIND, SHOWN, Heading, Page, Written, heading_in

RULES = 2  # one more whenever the same words may be shown otherwise
OUT = "articles.out"  # the job that brings a scheduled article out
PACE = 230  # words that one reads in a minute
SUMMARY = 240  # characters that are cut from an article without a summary


def articles_of(request: Any) -> Articles:
    """Return what the site knows of articles."""
    found: Articles = request.site[NAME]
    return found


@implementer(IArticles)
class ArticlesService:
    """Write the articles of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.members = request.find_service(IMembers)

    @property
    def markdown(self) -> Any:
        """The service that makes HTML."""
        return self.request.find_service(IMarkdown)

    @property
    def renderer(self) -> str:
        """What changes whenever the same words may be shown otherwise."""
        return f"{self.markdown.version}+{RULES}"

    # Writing

    def begin(self, uid: int, written: Written, audience: Audience = PRIVATE) -> Article:
        """Return a new article of member *uid*, whose draft is *written*."""
        article = Article(new_id(now(self.request)), uid, audience)
        shelf = member_mount(self.request, self.members.by_uid(uid), NAME)
        shelf.add(article)
        articles_of(self.request).owners[article.id] = uid
        self.request.find_service(IAuthored).add(uid, ARTICLE, article.id)
        self.save(article, written)
        return article

    def save(self, article: Article, written: Written) -> None:
        """Keep *written* as the draft of *article*."""
        moment = milliseconds(now(self.request))
        article.draft = Draft(self.seals.seal(article.owner, KIND, written.dump()), moment)
        article.__parent__.note(article)
        if not article.published:
            article.language = written.language

    def discard(self, article: Article) -> None:
        """Destroy the draft of an *article* that is out, with what was attached to it alone.

        One that is not out consists of it.
        """
        if article.published:
            self._remove(
                article, [one.id for one in article.attached() if one.id not in article.files]
            )
            self._finish(article)

    def _remove(self, article: Article, numbers: Iterable[int]) -> None:
        """Destroy the attachments of *article* with those ids."""
        attachments = self.request.find_service(IAttachments)
        for number in numbers:
            attachments.remove(article, number)

    def _finish(self, article: Article) -> None:
        article.draft = None
        article.__parent__.note(article)

    def publish(self, article: Article, moment: datetime | None = None) -> None:
        """Let readers see the draft of *article*, and keep what it replaces as a version.

        *moment* is when it was to come out, where that was to be before now.
        """
        written, draft = self.draft(article), article.draft
        article.due = 0
        if written is None or draft is None:
            return
        moment = moment or now(self.request)
        self._remove(article, draft.without)
        article.files = tuple(each.id for each in article.attached())
        if written != self.written(article):
            self._keep(article)
            article.changed = milliseconds(moment)
            self.show(article, written)
        self._finish(article)
        if not article.published:
            article.published = milliseconds(moment)
            set_audience(self.request, article)
        settle(self.request, article)

    def _keep(self, article: Article) -> None:
        """Keep the words of *article* as a version, where there are any."""
        if article.words is None:
            return
        number = new_id(now(self.request))
        article.versions[number] = Version(number, article.words, article.changed)
        articles_of(self.request).versions[number] = article.id

    def show(self, article: Article, written: Written) -> None:
        """Let readers of *article* see *written*, without a version or a word to the catalog.

        Which files are out stays as it is: those of a draft beside it are nobody else's.
        """
        seal, page = self.seals.seal, self.preview(written)
        article.words = seal(article.owner, KIND, written.dump())
        article.page = seal(article.owner, SHOWN, page.dump())
        article.made_by = self.renderer
        article.language, article.cover = written.language, written.cover

    def schedule(self, article: Article, moment: datetime | None) -> None:
        """Let *article* come out at *moment*, None: not by itself."""
        article.due = 0 if moment is None else milliseconds(moment)
        if moment is not None:
            payload = {"article": article.id, "due": article.due}
            self.request.find_service(IOutbox).add(OUT, payload, owner=article.owner, due=moment)

    # Reading

    def written(self, article: Article) -> Written | None:
        """Return what readers see of *article*, as it was written."""
        return self.opened(article.words)

    def draft(self, article: Article) -> Written | None:
        """Return the draft of *article*."""
        return None if article.draft is None else self.opened(article.draft.sealed)

    def opened(self, sealed: Any) -> Written | None:
        """Return the words in *sealed*; None where there are none, or the key is gone."""
        text = None if sealed is None else self.seals.text(sealed)
        return None if text is None else Written.load(text)

    def page(self, article: Article) -> Page | None:
        """Return what is shown of *article*, made anew where an older renderer made it."""
        if article.page is None or article.made_by != self.renderer:
            written = self.written(article)
            if written is None:
                return None
            self.show(article, written)
        text = None if article.page is None else self.seals.text(article.page)
        return None if text is None else Page.load(text)

    def heading(self, article: Article) -> Heading | None:
        """Return the heading of what is shown of *article*; None where that is gone.

        Of that, nothing else is kept in memory, and it is opened once a minute at most.
        """
        if article.page is not None and article.made_by == self.renderer:
            found: Heading | None = self.seals.made(article.page, heading_in)
            return found
        page = self.page(article)
        return None if page is None else Heading.of(page.title)

    def preview(self, written: Written) -> Page:
        """Return what would be shown of *written*."""
        made = self.markdown.render_long(written.text)
        return Page(
            title=written.title,
            html=str(made.html),
            summary=written.summary or first_words(made.html, SUMMARY),
            own_summary=bool(written.summary),
            minutes=max(1, round(count_words(made.text) / PACE)),
            contents=made.contents,
            tags=list(written.tags),
            cover_text=written.cover_text,
        )

    def title(self, article: Article) -> str:
        """Return the title of *article*, of its draft where it is not out."""
        if article.published:
            page = self.page(article)
            return "" if page is None else page.title
        written = self.draft(article)
        return "" if written is None else written.title

    def path(self, article: Article) -> str:
        """Return the address of *article*, which ends with words of its title."""
        return self.path_for(article, self.title(article))

    def path_for(self, article: Article, title: str) -> str:
        """Return the address of *article*, called *title*."""
        return self.path_under(article, Heading.of(title))

    def path_under(self, article: Article, heading: Heading) -> str:
        """Return the address of *article*, which has that *heading*."""
        login, number = article.__parent__.__parent__.__name__, encode(article.id)
        words = f"-{heading.words}" if heading.words else ""
        return f"/members/{login}/{NAME}/{number}{words}"

    def find(self, number: int) -> Article | None:
        """Return the article with that id, or None."""
        uid = articles_of(self.request).owners.get(number)
        member = None if uid is None else self.members.by_uid(uid, closed=True)
        shelf = None if member is None else member.get(NAME)
        found: Article | None = None if shelf is None else shelf.get(encode(number))
        return found


def out_job(request: Any, payload: Any) -> None:
    """Bring an article out whose moment has come, and tell its author: the handler of OUT.

    It does nothing where another moment was set since, or the article is out or gone.
    """
    from communicate_articles.telling import tell_out

    service = request.find_service(IArticles)
    article = service.find(payload["article"]) if request.site.get(NAME) is not None else None
    if article is None or article.deleted or article.due != payload["due"]:
        return
    moment = clock.moment(article.due)
    if moment <= now(request) + timedelta(seconds=1):
        service.publish(article, moment)
        tell_out(request, article)


def articles_service(_context: Any, request: Request) -> ArticlesService:
    """Return the service for one request."""
    return ArticlesService(request)
