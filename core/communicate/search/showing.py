"""The page of search as HTML: the question, what was found, what narrows it."""

from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.search.asking import Asked, named
from communicate.search.elsewhere import links
from communicate.search.finding import OTHERS, OWN, Results, shown_kinds
from communicate.web.i18n import PluralFactory
from communicate.web.skeletons import as_is, fill

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

CONTENT = "communicate:templates/search_content.pt"
NARROW = "communicate:templates/search_narrow.pt"
FOUND = _n("${n} result", "${n} results")
PROBLEM = Markup('<p class="m-0">{}</p>')


def content(request: Any, asked: Asked, results: Results | None) -> Markup:
    """Return the content of the page: *results* are None where nothing was looked for."""
    page, found = request.page, results or Results()
    kind = {
        "invalid": "q" in asked.problems,
        "wrong": bool(asked.problems),
        "empty": asked.is_empty,
        "searched": results is not None,
        "found": bool(found.rows),
        "narrows": asked.narrows,
        "partly": found.partly,
        "own_partly": found.own_partly,
    }
    elsewhere = Markup() if results is None else links(request, asked.words)
    kind["elsewhere"] = bool(elsewhere)
    problems = (PROBLEM.format(page.say(problem)) for problem in asked.problems.values())
    newer, older = (_at(asked, after=found.newer), _at(asked, before=found.older))
    return fill(
        request,
        CONTENT,
        kind,
        words=asked.words,
        problems=Markup().join(problems),
        count=count_of(request, found),
        rows=as_is("".join(found.rows)),
        everything=everything(asked),
        others=page.number(OTHERS),
        own=page.number(OWN),
        pager=page.pager(newer, older),
        links=elsewhere,
        narrow=narrow(request, asked),
    )


def narrow(request: Any, asked: Asked) -> Markup:
    """Return the part of the form that narrows the search.

    Where nothing narrows it, it is the same for every question.
    """
    kinds = tuple((name, kind.title, kind.icon) for name, kind in shown_kinds(request).items())
    values = {
        "member": request.member is not None,
        "kinds": kinds,
        "chosen": asked.kinds,
        "author": asked.author,
        "since": asked.since,
        "until": asked.until,
        "clear": everything(asked) if asked.narrows else None,
    }
    if not asked.narrows:
        return fill(request, NARROW, values)
    return as_is(render(NARROW, values, request))


def everything(asked: Asked) -> str:
    """Return the address of the question by its words alone."""
    return asked.address(kind="", author="", since="", until="")


def count_of(request: Any, results: Results) -> str:
    """Return how much was found, in words."""
    number = results.count.number
    if results.count.more:
        return str(request.page.say(_("more than ${n} results"), n=request.page.number(number)))
    return str(request.page.plural(FOUND, number))


def _at(asked: Asked, **place: int | None) -> str | None:
    """Return the address of the page at *place*, None where there is none."""
    given = {name: named(number) for name, number in place.items() if number is not None}
    return asked.address(**given) if given else None
