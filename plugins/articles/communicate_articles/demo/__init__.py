"""What the people of a demo write as articles: see ``communicate demo``.

The words are in ``words/fr.toml`` and ``words/en.toml``.  ``state`` says what becomes of one: a
``draft``, ``scheduled``, or ``changed`` since it came out (``before`` is what it said first).
Those of one ``pair`` say the same in two languages, by one author.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from communicate import clock
from communicate.audience import Audience
from communicate.demo.people import Person
from communicate.demo.writing import printed, read
from communicate.interfaces import IAudiences
from communicate_articles.content import Article
from communicate_articles.interfaces import IArticles
from communicate_articles.translations import link
from communicate_articles.words import Written

PACKAGE = "communicate_articles.demo"
LANGUAGES = ("fr", "en")
OLDEST, LATEST = timedelta(days=300), timedelta(days=2)
LATER = timedelta(days=3)  # until what is scheduled comes out


def make(request: Any, people: Sequence[Person], random: Random) -> None:
    """Have people of both languages write over the last year."""
    pairs: dict[str, Article] = {}
    for language in LANGUAGES:
        speakers = [one for one in people if one.language == language] or list(people)
        for stated in read(PACKAGE, language)["articles"]:
            pair = stated.get("pair", "")
            first = pairs.get(pair)
            uid = random.choice(speakers).uid if first is None else first.owner
            article = write(request, uid, language, stated, random)
            if first is not None:
                link(request, first, article)
            elif pair:
                pairs[pair] = article


def write(
    request: Any, uid: int | None, language: str, stated: dict[str, Any], random: Random
) -> Article:
    """Write the article that is *stated*, and bring it as far as it says."""
    service, present = request.find_service(IArticles), clock.now(request)
    start = present - LATEST - (OLDEST - LATEST) * random.random()
    state, words = stated.get("state", ""), written(language, stated)
    with clock.at(request, start):
        first = stated.get("before")
        begun = words if first is None else written(language, {**stated, "text": first})
        article: Article = service.begin(uid, begun)
        request.find_service(IAudiences).choose(article, Audience(stated["audience"]))
        if state == "scheduled":
            service.schedule(article, present + LATER)
        if state in ("draft", "scheduled"):
            return article
        service.publish(article)
    if first is not None:
        with clock.at(request, start + (present - start) * 0.5):
            service.save(article, words)
            service.publish(article)
    return article


def written(language: str, stated: dict[str, Any]) -> Written:
    """Return the words that are *stated*, French ones as they are printed."""
    say = printed if language == "fr" else str
    return Written(
        title=say(stated["title"]),
        text=say(stated["text"]),
        summary=say(stated.get("summary", "")),
        tags=tuple(stated.get("tags", ())),
        language=language,
    )
