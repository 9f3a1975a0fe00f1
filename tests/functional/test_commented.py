"""Comments on what another plugin keeps: an article, by its owner's rules and its own rights."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IAudiences, IComments
from communicate.testing.kit import form_with
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Written
from communicate_spaces.interfaces import ICommenting, IRules
from communicate_spaces.places import find_comment, find_thing

PLUGINS = ["spaces", "articles"]


class Press:
    """A house in which olga has an article out, which members comment."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login) for login in ("olga", "marie")}
        self.browsers = {login: house.browser(login) for login in (*self.uids, None)}
        self.id, self.path = house.work(self.publish)

    def publish(self, request):
        service, uid = request.find_service(IArticles), self.uids["olga"]
        article = service.begin(uid, Written("La taille des haies", "Un *bon* sécateur."))
        request.find_service(IAudiences).choose(article, PUBLIC)
        service.publish(article)
        request.find_service(IRules).open_space(uid, MEMBERS, MEMBERS, approval=False)
        return article.id, request.resource_path(article).rstrip("/")

    def write(self, login, words):
        """Comment the article on its page; return where that leads."""
        form = form_with(self.browsers[login].get(self.path).maybe_follow(), "body")
        form["body"] = words
        return form.submit("post", status=303)

    def choose(self, audience):
        """Have the article read by *audience*."""
        self.house.work(
            lambda r: r.find_service(IAudiences).choose(find_thing(r, self.id), audience)
        )

    def shows(self, login, words):
        """Tell whether the page of the article shows *words*."""
        answer = self.browsers[login].get(self.path, expect_errors=True)
        answer = answer.maybe_follow(expect_errors=True)
        return words in answer.text


@pytest.fixture
def press(make_house):
    return Press(make_house(PLUGINS, language="en"))


class TestArticle:
    def test_is_commented_on_its_page(self, press):
        answer = press.write("marie", "Et pour les **rosiers** ?")
        assert answer.location.startswith(press.path)
        page = press.browsers["olga"].get(answer.location).maybe_follow()
        assert "<strong>rosiers</strong>" in page.text
        assert "1 comment" in page.text
        assert press.shows(None, "Sign in to comment")
        assert (
            press.house.work(lambda r: r.find_service(IComments).count(find_thing(r, press.id)))
            == 1
        )

    def test_takes_its_readers_along(self, press):
        number = self.commented(press)
        assert press.shows(None, "Un grand merci")
        press.choose(CONTACTS)
        assert not press.shows("marie", "Un grand merci")
        path = press.house.work(lambda r: r.resource_path(find_comment(r, number)))
        press.browsers[None].get(path, status=403)
        press.choose(PUBLIC)
        assert press.shows(None, "Un grand merci")

    def test_its_title_is_no_name_for_what_one_said_where_it_is_closed_since(self, press):
        self.commented(press)
        search = "/search?q=merci"
        assert "La taille des haies" in press.browsers["marie"].get(search)
        press.choose(PRIVATE)
        page = press.browsers["marie"].get(search)
        assert "Un grand" in page
        assert "La taille des haies" not in page

    def test_closes_them_where_its_plugin_is_off_and_opens_them_again(self, press):
        number = self.commented(press)
        path = press.house.work(lambda r: r.resource_path(find_comment(r, number)))
        press.house.work(
            lambda r: r.find_service(IRules).limit(find_thing(r, press.id), MEMBERS, approval=True)
        )
        self.commented(press, "Une question")
        waiting = "/members/olga/comments/waiting"
        assert "Une question" in press.browsers["olga"].get(waiting).text
        press.house.reboot(["spaces"])
        olga = press.house.browser("olga")
        assert olga.get(path, expect_errors=True).status_int == 404
        assert "Un grand merci" not in olga.get("/members/olga/comments").text
        assert "Une question" not in olga.get(waiting, status=200).text
        olga.get("/account/comments", status=200)
        press.house.reboot(PLUGINS)
        assert "Un grand merci" in press.house.browser("olga").get(press.path).maybe_follow().text

    def test_takes_them_along_when_it_is_deleted_for_good(self, press):
        number = self.commented(press)
        press.house.work(lambda r: r.find_service(IComments).forget(find_thing(r, press.id)))
        assert press.house.work(lambda r: find_comment(r, number)) is None
        assert not press.shows("marie", "Un grand merci")

    def commented(self, press, words="Un grand merci"):
        def add(request):
            thread = request.find_service(IRules).thread(find_thing(request, press.id))
            uid = press.uids["marie"]
            return request.find_service(ICommenting).add(thread, uid, words).id

        return press.house.work(add)
