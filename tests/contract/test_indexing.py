"""Search engines may keep public topics and articles, and nothing else that a walk comes to."""

import re
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest

from communicate.audience import LEVELS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.testing.house import House
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_forums.interfaces import IForums
from communicate_messages.interfaces import IMessages
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.sharing import share

PLUGINS = ["forums", "spaces", "articles", "messages", "vdisk", "email", "sms"]
TOPIC = re.compile(r"/forums/general/\w{13}-le-volet-grince(\?after=\w+)?")
ARTICLE = re.compile(r"/members/ines/articles/\w{13}-en-public")
START = ("/", "/help", "/sitemap.xml", "/robots.txt", "/login", "/nowhere", "/favicon.svg")


@pytest.fixture(scope="module")
def walled(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("indexing"), PLUGINS, {"forums.page_size": 5})
    uid, other = house.member("ines"), house.member("paul")

    def write(request):
        words, forums = request.find_service(IForums), request.site["forums"]
        words.add_forum("entre-nous", "Entre nous", audience=MEMBERS)
        topic = words.open_topic(forums["general"], uid, "Le volet grince", "Bonjour").__parent__
        for number in range(7):
            words.reply(topic, uid, f"Réponse {number}")
        words.open_topic(forums["entre-nous"], uid, "Le portail", "Bonjour")
        articles, rules = request.find_service(IArticles), request.find_service(IRules)
        rules.open_space(uid, PUBLIC, MEMBERS, approval=False)
        things = [rules.wall(uid)]
        for level in LEVELS:
            made = articles.begin(uid, Written(f"En {level}", "Bonjour"), Audience(level))
            articles.publish(made)
            things.append(made)
        for thing in things:
            request.find_service(ICommenting).add(rules.thread(thing), uid, "Bonjour")
        disks = request.find_service(IDisk)
        for level in LEVELS:
            folder = disks.make_folder(disks.disk(uid), f"En {level}", uid)
            share(request, folder, Audience(level), PRIVATE, PRIVATE)
            disks.put(folder, "Bonjour.txt", BytesIO(b"Bonjour"), uid)
        request.site["messages"].box(other).open_to = MEMBERS
        request.find_service(IMessages).start(uid, [other], "Bonjour")

    house.work(write)
    yield house
    house.close()


def walk(browser, most=150):
    """Yield the address of each page that links lead *browser* to, and the answer."""
    waiting, seen = list(START), set(START)
    while waiting and most:
        most -= 1
        address = waiting.pop(0)
        answer = browser.get(address, expect_errors=True)
        yield address, answer
        links = re.findall(r'<loc>([^<]*)|(?:href|src)="([^"#]*)', answer.text_or_empty)
        for link in ("".join(found).replace("&amp;", "&") for found in links):
            parts = urlsplit(urljoin(f"http://localhost{address}", link))
            place = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == "localhost" and place not in seen:
                seen.add(place)
                waiting.append(place)


def pages(house, login=None):
    """Return by address whether each page that *login* comes to may be kept."""
    browser = house.browser(login)
    found = {}
    for address, answer in walk(Readable(browser)):
        found[address] = "noindex" not in answer.headers.get("X-Robots-Tag", "")
    return found


class Readable:
    """A browser whose answers have text, if only an empty one."""

    def __init__(self, browser):
        self.browser = browser

    def get(self, address, **more):
        """Return the answer at *address*."""
        answer = self.browser.get(address, **more)
        text = "html" in answer.content_type or "xml" in answer.content_type
        answer.text_or_empty = answer.text if text else ""
        return answer


class TestStrangers:
    def test_come_to_what_is_public_that_may_be_kept_and_to_nothing_else(self, walled):
        found = pages(walled)
        kept = {address for address, may in found.items() if may}
        assert len(found) > 20
        for shape in (TOPIC, ARTICLE):
            assert any(shape.fullmatch(address) for address in kept)
            kept = {address for address in kept if not shape.fullmatch(address)}
        assert kept == set()

    def test_find_the_same_in_the_sitemap(self, walled):
        browser = walled.browser()
        pages = [page.text for page in browser.get("/sitemap.xml").xml.findall(".//{*}loc")]
        listed = [
            one.text.removeprefix("http://localhost")
            for page in pages
            for one in browser.get(page.removeprefix("http://localhost")).xml.findall(".//{*}loc")
        ]
        assert len(listed) == 2
        assert all(any(shape.fullmatch(one) for shape in (TOPIC, ARTICLE)) for one in listed)


class TestMembers:
    def test_come_to_nothing_that_may_be_kept(self, walled):
        assert not any(pages(walled, "ines").values())
