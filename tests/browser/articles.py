"""Articles on the served site of these tests, in every state: a plain module, no test."""

import time
from typing import Any

TEXT = """Les fenêtres de la cité datent de 1962.[^1]

## Chercher les fuites d’abord

Un soir de vent, passez lentement **une bougie** le long du cadre.

| Pièce | Avant | Après |
|-------|------:|------:|
| Séjour | 15,8 °C | 17,9 °C |

## Poser le joint

```python
def joint(tours: int) -> str:
    \"\"\"Tourner.\"\"\"
    return "serré" * tours  # deux fois
```

## Laisser respirer

> Si la poignée force, le joint est trop épais.

[^1]: Sauf au quatrième.
"""
SUMMARY = "Trois soirées et un peu de patience suffisent dans un appartement ancien."
TAGS = ("chauffage", "fenêtres")


def write(site: Any, request: Any, picture: bytes) -> None:
    """Have Chloé write for all, have changes that are not out, drafts, and what comes later."""
    from datetime import timedelta

    from communicate import clock
    from communicate.audience import MEMBERS, PUBLIC
    from communicate.interfaces import IAudiences
    from communicate.writing.interfaces import IAttachments
    from communicate_articles.interfaces import IArticles
    from communicate_articles.translations import link
    from communicate_articles.words import Written
    from communicate_spaces.interfaces import ICommenting, IRules

    service, attachments = request.find_service(IArticles), request.find_service(IAttachments)
    chloe, denis = site.uids["chloe"], site.uids["denis"]
    rules, words = request.find_service(IRules), request.find_service(ICommenting)
    rules.open_space(chloe, PUBLIC, MEMBERS, approval=False)

    def begin(uid: int, title: str, audience: Any, **more: Any) -> Any:
        time.sleep(0.002)  # the order of articles is that of their milliseconds
        told = Written(title, TEXT, SUMMARY, TAGS, "fr")
        article = service.begin(uid, told)
        request.find_service(IAudiences).choose(article, audience)
        if more.get("out", True):
            service.publish(article)
        return article

    article = begin(chloe, "Isoler ses fenêtres sans les changer", PUBLIC)
    cover = attachments.put(article, chloe, "fenêtre.jpg", picture)
    told = Written(
        "Isoler ses fenêtres sans les changer",
        TEXT + "\nVoilà.",
        SUMMARY,
        TAGS,
        "fr",
        cover.id,
        "Une fenêtre ouverte sur la cour",
    )
    service.save(article, told)
    service.publish(article)
    service.save(article, Written("Isoler ses fenêtres", TEXT + "\nEncore.", SUMMARY, TAGS, "fr"))
    other = begin(denis, "Lire sa facture de chauffage collectif", MEMBERS)
    english = begin(chloe, "Keep your windows, lose the draught", MEMBERS)
    link(request, article, english)
    draft = begin(chloe, "Le thermomètre à deux euros", MEMBERS, out=False)
    later = begin(chloe, "Le joint du printemps", PUBLIC, out=False)
    service.schedule(later, clock.now(request) + timedelta(days=3))
    thread = rules.thread(article)
    first = words.add(thread, denis, "Même écart chez moi, au quatrième.")
    words.add(thread, chloe, "Merci, @denis.", first)
    words.add(thread, site.uids["elsa"], "Où trouve-t-on le profilé ?")
    made = {"article": article, "other": other, "draft": draft, "later": later}
    site.paths |= {f"article-{name}": service.path(one) for name, one in made.items()}
    for name in ("edit", "draft", "publish", "versions", "translations"):
        site.paths[f"article-{name}-of"] = f"{service.path(article)}/{name}"
    site.paths["article-publish-new"] = f"{service.path(draft)}/publish"


WASHED = """Il tourne **trois fois** par jour.[^1]

## Le matin

À huit heures.

## Le midi

```python
def turn(times: int) -> None:
    ...
```

## Le soir

Jamais.

[^1]: Sauf le dimanche.
"""


def wash(site: Any, request: Any) -> None:
    """Have Anouk open her space to members, with an article of two versions and a draft on it."""
    from communicate.audience import MEMBERS
    from communicate_articles.interfaces import IArticles
    from communicate_articles.words import Written
    from communicate_spaces.interfaces import IRules

    anouk, service = site.uids["anouk"], request.find_service(IArticles)
    request.find_service(IRules).open_space(anouk, MEMBERS, MEMBERS, approval=False)
    article = service.begin(anouk, Written("Le lavoir", WASHED, "Un toit.", ("eau",), "fr"))
    article.audience = MEMBERS
    service.publish(article)
    service.save(article, Written("Le lavoir", f"{WASHED}\nEnfin.", "Un toit.", ("eau",), "fr"))
    service.publish(article)
    service.save(article, Written("Le lavoir", "Autre chose."))
    site.paths["lavoir"] = service.path(article)
