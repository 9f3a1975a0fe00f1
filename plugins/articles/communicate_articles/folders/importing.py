"""Read Markdown files into articles of one member: again and again, without doubling any.

Each file has a key: the ``id`` in its front matter, or where it lies.  An article remembers the
key of the file that it came from, and is updated when that file comes again.  A file that cannot
be taken stops no other; each article is committed before the next, so that a run that was cut off
goes on where it ended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from communicate.clock import milliseconds, now
from communicate.ids import encode
from communicate.interfaces import IMembers
from communicate_articles.content import Article
from communicate_articles.exporting import own_articles
from communicate_articles.folders.errors import Unreadable
from communicate_articles.folders.files import LONGEST, Files
from communicate_articles.folders.outcomes import CHANGED, NEW, SAME, Outcome
from communicate_articles.folders.parsing import NEWLINE, Parsed, no_wider, parse
from communicate_articles.folders.pictures import Pictures
from communicate_articles.interfaces import IArticles
from communicate_articles.sources import remember, source_of
from communicate_articles.translations import link
from communicate_articles.words import Written

Work = Callable[[Callable[[Any], Any]], Any]


def key_of(request: Any, article: Article) -> str:
    """Return the key of the file that *article* came from, else its own id."""
    return source_of(request, article) or encode(article.id)


def known_articles(request: Any, uid: int) -> dict[str, int]:
    """Return the articles of member *uid* by the keys of their files and by their own ids."""
    found: dict[str, int] = {}
    for article in own_articles(request, uid):
        found[encode(article.id)] = article.id
        found[key_of(request, article)] = article.id
    return found


@dataclass(frozen=True)
class Done:
    """What one file came to: *number* is the id of its article, 0 where nothing was made."""

    what: str
    number: int = 0
    pictures: int = 0
    remarks: list[tuple[str, Any]] = field(default_factory=list)


class Import:
    """One import of *files* into the articles of member *uid*; nothing gets wider than *asked*.

    *work* calls a function with a request in a transaction of its own.
    """

    def __init__(
        self, work: Work, uid: int, files: Files, asked: str, *, dry: bool = False
    ) -> None:
        self.work, self.uid, self.files, self.asked, self.dry = work, uid, files, asked, dry
        self.outcome = Outcome()
        self.known: dict[str, int] = work(lambda request: known_articles(request, uid))
        self.links: list[tuple[int, list[str]]] = []

    def run(self) -> Iterator[str]:
        """Import every file, and yield its name once that is done; then link translations."""
        for name in self.files.names():
            try:
                parsed = self._parsed(name)
                done: Done = self.work(partial(self._one, name, parsed))
            except Unreadable as error:
                self.outcome.wrong.append((name, error.reason))
            else:
                self._note(name, parsed, done)
            yield name
        if self.links and not self.dry:
            self.work(self._link)

    def _parsed(self, name: str) -> Parsed:
        longest = self.work(lambda request: request.registry.settings["articles.longest"])
        return parse(name, self.files.read(name, LONGEST), longest)

    def _note(self, name: str, parsed: Parsed, done: "Done") -> None:
        """Count what one file came to, once it is committed."""
        self.outcome.counts[done.what] += 1
        self.outcome.pictures += done.pictures
        self.outcome.remarks += [(f"{name} → {path}", reason) for path, reason in done.remarks]
        if done.number:
            self.known[parsed.key] = self.known[encode(done.number)] = done.number
            if parsed.translations:
                self.links.append((done.number, parsed.translations))

    def _one(self, name: str, parsed: Parsed, request: Any) -> "Done":
        """Bring the article of one file up to date."""
        service = request.find_service(IArticles)
        article: Article | None = service.find(self.known.get(parsed.key, 0))
        if article is not None and (article.owner != self.uid or article.deleted):
            article = None
        if self.dry:
            return Done(self._foreseen(service, article, parsed))
        made = article is None
        if article is None:
            article = self._begun(request, parsed)
        pictures = Pictures(request, article, self.files, name)
        written = pictures.filled(parsed)
        changed = self._brought(request, article, parsed, written)
        what = NEW if made else CHANGED if changed else SAME
        return Done(what, article.id, pictures.added, pictures.remarks)

    def _foreseen(self, service: Any, article: Article | None, parsed: Parsed) -> str:
        if article is None:
            return NEW
        before = service.written(article) or service.draft(article)
        return SAME if before is not None and alike(before, parsed.written) else CHANGED

    def _begun(self, request: Any, parsed: Parsed) -> Article:
        audience = no_wider(self.asked, parsed.audience)
        service = request.find_service(IArticles)
        article: Article = service.begin(self.uid, parsed.written, audience)
        remember(request, article, parsed.key)
        return article

    def _brought(self, request: Any, article: Article, parsed: Parsed, written: Written) -> bool:
        """Let *article* say what its file says; tell whether it said something else."""
        service = request.find_service(IArticles)
        before = service.written(article) if article.published else service.draft(article)
        if before is not None:
            before = replace(before, text=before.text.strip(NEWLINE))
        changed = bool(before != written)
        if changed:
            service.save(article, written)
        if article.published:
            if changed:
                service.publish(article)
        elif parsed.published is not None:
            changed = True
            if parsed.published > now(request):
                if article.due != milliseconds(parsed.published):
                    service.schedule(article, parsed.published)
            else:
                service.publish(article, parsed.published)
        return changed

    def _link(self, request: Any) -> None:
        find = request.find_service(IArticles).find
        for number, keys in self.links:
            article = find(number)
            for key in keys:
                other = find(self.known.get(key, 0))
                if self._joins(article, other):
                    link(request, article, other)

    def _joins(self, article: Article | None, other: Article | None) -> bool:
        """Tell whether two articles are the member's own and not linked yet."""
        if article is None or other is None or article is other:
            return False
        return other.owner == self.uid and other.id not in article.translations


def alike(before: Written, after: Written) -> bool:
    """Tell whether two states say the same, but for pictures."""
    names = ("title", "summary", "tags", "language", "text")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def uid_of(request: Any, login: str) -> int | None:
    """Return the uid of the member *login*, or None."""
    member = request.find_service(IMembers).by_login(login.lower())
    return None if member is None else int(member.uid)
