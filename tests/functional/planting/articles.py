"""Articles in every state: out, with a draft beside, begun, scheduled, hidden, deleted, former."""

from datetime import timedelta

from communicate.clock import now
from communicate.writing.interfaces import IAttachments
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.translations import link
from communicate_articles.words import Written

from .people import COMMON, allowed, readers


def write(on, level):
    """Write for *level*, in every state; return the article that is out."""
    service, removals = (on.request.find_service(one) for one in (IArticles, IRemovals))
    own, may, must = {f"owner of {level}"}, allowed(level), readers(level)

    def begin(what, may=own, must=own):
        made = service.begin(
            on.owner(level), words(on, what, level, may, must), on.audience(level)
        )
        attach(on, made, what, level, may, must)
        return made

    def out(what, may=own, must=own):
        made = begin(what, may, must)
        service.publish(made)
        return made

    shown = out("out", may, must)
    service.save(shown, words(on, "beside", level, own, own))
    begin("begun")
    service.schedule(begin("later"), now(on.request) + timedelta(days=9))
    judges = {"moderator"} if level in COMMON else set()
    reason = on.word(f"why an article is hidden ({level})", {*own, *judges}, ())
    removals.set_hidden(out("hidden", {*own, *judges}), True, reason)
    removals.delete(out("deleted", (), ()))
    former = out("former")
    on.pages[f"owner of {level}"].append(f"{service.path(former)}/versions")
    service.save(former, Written("Autre chose", "Autre chose"))
    service.publish(former)
    link(on.request, shown, former)
    return shown


def words(on, what, level, may, must):
    """Return words with a marker in title, text, summary and tag."""
    marks = [on.text(f"{part} of an article {what} ({level})", may, must) for part in "tbs"]
    tag = on.word(f"tag of an article {what} ({level})", may, must)
    title, body, summary = marks
    return Written(title, f"## Un\n\n{body}", summary, (tag,), "fr")


def attach(on, article, what, level, may, must):
    """Put a file beside the words of *article*."""
    if what == "former":  # taken off by nobody, it stays beside what came after
        may = allowed(level)
    name = on.word(f"name of a file of an article {what} ({level})", may, ())
    text = on.word(f"text of a file of an article {what} ({level})", may, ())
    files = on.request.find_service(IAttachments)
    files.put(article, article.owner, f"{name}.txt", text.encode())
