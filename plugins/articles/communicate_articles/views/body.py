"""What the page of an article shows, the article itself and what can be done with it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from communicate.web.skeletons import fill_found
from communicate_articles.content import Article
from communicate_articles.pictures import Cover

TEMPLATE = "communicate_articles:templates/body.pt"


def body_of(request: Any, article: Article, values: dict[str, Any]) -> Markup:
    """Return the HTML of the page of *article*, of which *values* say what it shows."""
    page, shown, due = request.page, values["shown"], values["due"]
    out = article.published
    return fill_found(
        request,
        TEMPLATE,
        {
            "lang": shown.attributes.get("lang"),
            "dir": shown.attributes.get("dir"),
            "hidden": article.hidden,
            **{name: values[name] for name in ("own", "is_draft", "beside", "moderates")},
        },
        where=page.author(article.owner, ""),
        author=page.author(article.owner),
        avatar=page.avatar(page.login_of(article.owner), "m"),
        published=page.time(out) if out else None,
        badge=page.audience_button(article),
        due=page.exact(due) if due else None,
        then=page.badge(article.audience) if due else None,
        title=shown.title,
        lead=shown.lead or None,
        html=shown.html,
        minutes=shown.minutes,
        cover=cover(shown.cover),
        contents=headings(shown.contents),
        tags=tags(shown.tags),
        others=translations(page, values["others"]),
        related=related(page, values["related"]),
        comments=values["comments"] or None,
        path=values["path"],
        shelf=values["shelf"],
        reason=values["reason"],
        report=values["report"],
        csrf=page.csrf(),
    )


def joined(pieces: Iterable[str]) -> Markup | None:
    """Return *pieces*, in which words are escaped, as one; None without any.

    They are escaped by hand: Markup's own formatting takes five times as long.
    """
    return Markup("".join(pieces)) or None  # noqa: S704  # escaped


def cover(found: Cover | None) -> Markup | None:
    """Return the picture on top."""
    if found is None:
        return None
    size = f'width="{found.width}" height="{found.height}"'
    return joined([f'<img src="{escape(found.path)}" alt="{escape(found.text)}" {size}>'])


def headings(found: list[tuple[int, str, str]]) -> Markup | None:
    """Return the items of a list that leads to the headings."""
    return joined(
        f'<li class="in-{level:d}"><a class="row-title" href="#{escape(anchor)}">{escape(title)}'
        "</a></li>"
        for level, anchor, title in found
    )


def tags(found: list[tuple[str, str]]) -> Markup | None:
    """Return links to what else has each of the tags."""
    return joined(
        f'<a class="tag" rel="tag" href="/articles?tag={quote(name, safe="")}">{escape(tag)}</a> '
        for name, tag in found
    )


def translations(page: Any, found: list[tuple[str, str, str]]) -> Markup | None:
    """Return links to the translations, each with its language where that is said."""
    return joined(
        f'<a class="btn btn-quiet" href="{escape(address)}"{language(tag)}>'
        f"{page.icon('translate')}{escape(word)}</a> "
        for address, tag, word in found
    )


def language(tag: str) -> str:
    """Return the attribute that says in which language the target of a link is."""
    return f' hreflang="{escape(tag)}"' if tag else ""


def related(page: Any, found: list[tuple[str, str, int | None]]) -> Markup | None:
    """Return the items of a list that leads to other articles, each with its author's login."""
    return joined(
        f'<li><a class="row-title" href="{escape(address)}">{escape(title)}</a> '
        f'<span class="quiet">{escape(page.login_of(author) or "")}</span></li>'
        for address, title, author in found
    )
