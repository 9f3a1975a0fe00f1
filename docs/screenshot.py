"""Make ``docs/topic.png``: the topic page of a site that is really served, as a member sees it.

Run it by hand in the virtual environment, on a machine with Chromium:

    python docs/screenshot.py
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

from communicate.testing.browser import NAMES, Windows, launch
from communicate.testing.house import PASSWORD, House
from communicate.testing.programs import found
from communicate.testing.server import Server

PICTURE = Path(__file__).with_name("topic.png")
WIDTH = 1440
READER = "claire.morvan"
TITLE = "Composteur partagé\xa0: qui a la clé en décembre\u202f?"


class Post(NamedTuple):
    """Who wrote, how many days ago, at what time of that day (UTC), and what."""

    author: str
    days: int
    hour: str
    body: str

    @property
    def offset(self) -> float:
        """How far the clock is from the moment of the post, in seconds; never ahead."""
        now = datetime.now(UTC)
        hour, minute = map(int, self.hour.split(":"))
        then = now.replace(hour=hour, minute=minute, second=0) - timedelta(days=self.days)
        return min((then - now).total_seconds(), 0)


POSTS = (
    Post(
        "ines.carvalho",
        4,
        "18:20",
        "Bonsoir à toutes et à tous. Je pars trois semaines à partir du 1er décembre et c’est moi "
        "qui garde la clé du composteur de la place. Qui peut prendre le relais\u202f?\n\n"
        "Il faut ouvrir le **mercredi de 17\xa0h à 19\xa0h** et le **samedi de 10\xa0h à midi**, "
        "vérifier que personne n’a jeté d’agrumes entiers, et brasser une fois par semaine.",
    ),
    Post(
        "paul.duvivier",
        4,
        "19:04",
        "Je peux le samedi, pas le mercredi\xa0: je rentre à 20\xa0h. "
        "Est-ce que la serrure gèle toujours\u202f?",
    ),
    Post(
        READER,
        1,
        "08:31",
        "> Est-ce que la serrure gèle toujours\u202f?\n\n"
        "Oui, mais une goutte d’huile suffit. Je prends les mercredis 2, 9 et 16\xa0: je sors de "
        "l’école à 16\xa0h\xa030 et c’est sur ma route.",
    ),
    Post(
        "ahmed.benali",
        1,
        "12:15",
        "Merci à vous deux. Les consignes d’hiver tiennent en trois lignes\xa0:\n\n"
        "- pas plus d’un tiers de feuilles mortes\u202f;\n"
        "- le bac se ferme entre chaque passage\u202f;\n"
        "- en cas de gel, on laisse la fourche à l’intérieur.",
    ),
    Post(
        "ines.carvalho",
        1,
        "13:40",
        "Parfait. Claire, je passe te donner la clé jeudi soir. "
        "Reste le mercredi 23\xa0: quelqu’un\u202f?",
    ),
    Post(
        "yves.legoff",
        1,
        "19:12",
        "Moi. Et j’apporte du broyat, j’en ai 200\xa0L qui ne demandent qu’à servir.",
    ),
)


def furnish(folder: Path) -> str:
    """Write the topic, each post at its own hour, and return its address."""
    house = House(folder, ["forums"], {"clock_offset": POSTS[0].offset})
    uids = {login: house.member(login) for login in sorted({post.author for post in POSTS})}
    path = ""
    for number, post in enumerate(POSTS):
        house.reboot(["forums"], clock_offset=post.offset)
        path = house.work(lambda request, at=(number, post): write(request, uids, *at))
    house.close()
    return path


def write(request: Any, uids: dict[str, int], number: int, post: Post) -> str:
    """Add *post* to the topic, which the first one opens; return the topic's address."""
    from communicate_forums.interfaces import IForums
    from communicate_forums.services import forums_of

    words, uid = request.find_service(IForums), uids[post.author]
    if number == 0:
        made = {"title": "Vie du quartier", "description": "De la place au canal"}
        forum = words.add_forum("quartier", **made)
        topic = words.open_topic(forum, uid, TITLE, post.body).__parent__
    else:
        topic = next(iter(forums_of(request)["quartier"].__parent__.topics.values()))
        words.reply(topic, uid, post.body)
    address: str = words.path(topic)
    return address


def photograph(server: Server, path: str) -> None:
    """Save what the reader sees at *path*."""
    path_of_browser = found(*NAMES)
    if path_of_browser is None:
        raise SystemExit("No Chromium was found: install one.")
    with sync_playwright() as playwright:
        windows = Windows(launch(playwright, path_of_browser))
        page = windows.open(server.url, width=WIDTH)
        page.goto("/login")
        page.fill("[name=login]", READER)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.goto(path)
        page.screenshot(path=PICTURE, full_page=True)
        windows.close()
        windows.browser.close()


def main() -> None:
    """Furnish a site in a folder of its own, serve it, photograph its topic."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        path = furnish(place)
        with Server(place) as server:
            photograph(server, path)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
