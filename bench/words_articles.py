"""Articles: a page with comments against a bare view, and lists for who may read few of many."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import harness

from communicate.audience import MEMBERS, Audience
from communicate.principals import member
from communicate.testing.house import PASSWORD, House
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_spaces.interfaces import ICommenting, IRules

WORDS = """Les fenêtres de la cité datent de 1962. Elles ferment bien, elles sont *belles*, et
elles laissent passer l’air comme un panier.

## Chercher les fuites d’abord

Un soir de vent, passez lentement une **bougie** le long du cadre. Notez chaque endroit au crayon :
on traite toujours moins de points qu’on ne le croyait[^1].

## Poser le joint, sans coller la fenêtre

- Nettoyez à l’alcool
- Laissez sécher
- Posez par temps sec

[^1]: Une bonne bougie.
"""
COMMENTS, BATCH, SHARE = 200, 500, 100
TAGS = ("fenêtre", "chaleur", "cité", "travaux", "voisins")
PLUGINS = "articles spaces"
LIMITS = {"communicate.limits.posting": "1000000/hour", "communicate.new_account_days": 0}


def comment(request: Any, article: Any, uid: int, count: int) -> None:
    """Add *count* comments of *uid* to *article*."""
    thread = request.find_service(IRules).thread(article)
    service = request.find_service(ICommenting)
    for _ in range(count):
        service.add(thread, uid, "Même écart chez moi, au *quatrième*.")


def article_vs_bare(_options: Any) -> tuple[float, str]:
    """Return the speed of an article with its first 50 of 200 comments ÷ that of a bare view."""
    settings = {"threads": 4, **LIMITS}
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ["articles", "spaces"], settings)
        ines, paul = house.member("ines"), house.member("paul")

        def write(request: Any) -> str:
            service = request.find_service(IArticles)
            made = [
                service.begin(ines, Written(f"Isoler ses fenêtres {n}", WORDS, tags=TAGS), MEMBERS)
                for n in range(10)
            ]
            for article in made:
                service.publish(article)
            comment(request, made[0], paul, COMMENTS)
            return str(service.path(made[0]))

        path = house.work(write)
        while house.run_jobs():
            continue
        house.close()
        with harness.Served(Path(folder), PLUGINS, **settings) as server, harness.bare() as bare:
            client = server.client("paul", PASSWORD)
            taken, constant = harness.side_by_side(lambda: client.get(path), lambda: bare.get("/"))
    return constant / taken, ">=0.12"


def fill(house: House, author: int, reader: int, count: int) -> None:
    """Let *author* write *count* articles for *reader*, every hundredth of them for members."""
    for start in range(0, count, BATCH):

        def write(request: Any, start: int = start) -> None:
            service = request.find_service(IArticles)
            for n in range(start, min(start + BATCH, count)):
                few = n % SHARE != 0
                audience = Audience("chosen", [member(reader)]) if few else MEMBERS
                written = Written(f"Article {n}", WORDS, tags=(TAGS[n % 5],), language="fr")
                service.publish(service.begin(author, written, audience))

        house.work(write)
        print(end=".", file=sys.stderr, flush=True)


def articles_sparse(options: Any) -> tuple[float, str]:
    """Return the time of ``/articles`` for who may read one of a hundred ÷ for who reads all."""
    settings = {"threads": 4, **LIMITS}
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ["articles", "spaces"], settings)
        author, all_of_it = house.member("ines"), house.member("paul")
        house.member("moira")
        fill(house, author, all_of_it, options.articles)
        while house.run_jobs():
            continue
        house.close()
        with harness.Served(Path(folder), PLUGINS, **settings) as server:
            one, whole = (server.client(login, PASSWORD) for login in ("moira", "paul"))
            few, every = harness.side_by_side(
                lambda: one.get("/articles"), lambda: whole.get("/articles")
            )
    return few / every, "<=2"


FIGURES = {"article_vs_bare": article_vs_bare, "articles_sparse": articles_sparse}
