"""The picture on top of an article, where it has one."""

from typing import Any

from communicate_articles.content import Article


def cover_of(_request: Any, article: Article, path: str) -> str:
    """Return the address of the cover of *article*, whose page is at *path*; empty without one."""
    attachments = getattr(article, "attachments", None)
    if not article.cover or attachments is None or article.cover not in attachments:
        return ""
    from communicate.ids import encode

    return f"{path}/{encode(article.cover)}"
