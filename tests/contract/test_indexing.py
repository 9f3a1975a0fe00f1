"""Search engines may keep the pages of public topics, and nothing else that a walk comes to."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from communicate.audience import MEMBERS
from communicate.testing.house import House
from communicate_forums.interfaces import IForums

TOPIC = re.compile(r"/forums/general/\w{13}-le-volet-grince(\?after=\w+)?")
START = ("/", "/help", "/sitemap.xml", "/robots.txt", "/login", "/nowhere", "/favicon.svg")


@pytest.fixture(scope="module")
def walled(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("indexing"), ["forums"], {"forums.page_size": 5})
    uid = house.member("ines")

    def write(request):
        words, forums = request.find_service(IForums), request.site["forums"]
        words.add_forum("entre-nous", "Entre nous", audience=MEMBERS)
        topic = words.open_topic(forums["general"], uid, "Le volet grince", "Bonjour").__parent__
        for number in range(7):
            words.reply(topic, uid, f"Réponse {number}")
        words.open_topic(forums["entre-nous"], uid, "Le portail", "Bonjour")

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
    def test_come_to_public_topics_that_may_be_kept_and_to_nothing_else(self, walled):
        found = pages(walled)
        kept = {address for address, may in found.items() if may}
        assert len(found) > 20
        assert kept
        assert [address for address in kept if not TOPIC.fullmatch(address)] == []

    def test_find_the_same_in_the_sitemap(self, walled):
        browser = walled.browser()
        page = browser.get("/sitemap.xml").xml.find(".//{*}loc").text
        listed = browser.get(page.removeprefix("http://localhost")).xml.findall(".//{*}loc")
        assert len(listed) == 1
        assert TOPIC.fullmatch(listed[0].text.removeprefix("http://localhost"))


class TestMembers:
    def test_come_to_nothing_that_may_be_kept(self, walled):
        assert not any(pages(walled, "ines").values())
