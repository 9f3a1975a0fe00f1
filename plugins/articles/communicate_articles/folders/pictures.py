"""Pictures beside the words: files of the folder on one side, attachments on the other."""

from typing import Any

from communicate_articles.content import Article
from communicate_articles.folders.files import Files, Unreadable, inside
from communicate_articles.folders.parsing import PICTURE, Parsed
from communicate_articles.words import Written

REMARK = "pictures are not taken over: add {} on the page of the article"


class Pictures:
    """The pictures that one file refers to."""

    def __init__(self, request: Any, article: Article, files: Files, name: str) -> None:
        self.request, self.article, self.files, self.name = request, article, files, name
        self.added = 0
        self.remarks: list[str] = []

    def filled(self, parsed: Parsed) -> Written:
        """Return the words of *parsed*, its pictures attached to the article."""
        for found in PICTURE.finditer(parsed.written.text):
            path = inside(self.name, found[2])
            if path is None:
                if "://" not in found[2] and not found[2].startswith("attachment:"):
                    self.remarks.append(f"{found[2][:100]} lies outside of the folder")
            else:
                self._look(path)
        return parsed.written

    def _look(self, path: str) -> None:
        try:
            self.files.read(path, 10 * 2**20)
        except Unreadable as error:
            self.remarks.append(f"{path[:100]}: {error}")
        else:
            self.remarks.append(REMARK.format(path[:100]))
