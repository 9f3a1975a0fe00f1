import pytest

from communicate.audience import Audience
from communicate.ids import encode
from communicate.interfaces import IAuthored, IDatabase
from communicate.mydata import held
from communicate.mydata.views import shared as views
from communicate.principals import member as member_principal
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import AVATAR
from communicate.testing.archives import exported
from communicate_forums.interfaces import IForums

PRIVACY = "/account/privacy"


@pytest.fixture
def home(shared_home):
    return shared_home


def rows(page):
    """Return the text of each row of the lists on *page*."""
    return [row.get_text(" ", strip=True) for row in page.html.main.select("ul.rows > li")]


def topic(home, by="ines", title="Le volet", body="Un peu d'huile", forum="general"):
    """Open a topic; return its id."""

    def write(request):
        place = request.site["forums"][forum]
        return request.find_service(IForums).open_topic(place, home.uids[by], title, body).id

    return home.house.work(write)


class TestMyData:
    def test_says_what_is_held_by_service_how_much_and_who_sees_it(self, home):
        home.say("ines", "interest", "Tilleuls", "members")
        topic(home)
        page = home.get(PRIVACY)
        heads = [head.get_text(strip=True) for head in page.html.main.select("h2")]
        assert heads[0] == "Account, space and acquaintances"
        assert "Forums" in heads
        posts = next(row for row in rows(page) if "Your posts in forums" in row)
        assert "1 thing" in posts
        assert "Everyone" in posts
        space = next(row for row in rows(page) if "What you say about yourself" in row)
        assert "1 thing" in space

    def test_takes_no_kind_of_core_for_a_plugin_that_is_off(self, home):
        assert "switched off" not in home.get(PRIVACY)
        assert "&lt;function" not in home.get(PRIVACY)

    def test_leads_to_what_one_can_do(self, home):
        links = {link["href"] for link in home.get(PRIVACY).html.main.select("a")}
        assert links >= {
            f"{PRIVACY}/{name}" for name in ("shared", "wrote", "received", "export")
        } | {"/account/erase"}

    def test_is_for_members(self, home):
        for path in ("", "/export", "/shared", "/wrote"):
            home.browser().get(f"{PRIVACY}{path}", status=403)

    def test_every_count_is_of_a_kind_that_is_declared(self, home):
        def look(request, _member):
            declared = {each.declared.kind for each in held.services(request)[0].kinds}
            return set(held.own(request, request.member.uid)) - declared

        assert home.act("ines", look) == set()

    def test_counts_no_further_than_a_thousand(self, home, monkeypatch):
        monkeypatch.setattr(held, "CEILING", 2)
        for _number in range(3):
            topic(home, by="marie")
        posts = next(row for row in rows(home.get(PRIVACY, "marie")) if "Your posts" in row)
        assert "more than 2 things" in posts


class TestShared:
    def test_lists_what_is_wider_than_private_with_what_changes_that(self, home):
        home.say("paul", "text", "Je grimpe", "members")
        home.say("paul", "phone", "06 12 34 56 78")
        number = topic(home, by="paul", title="Le toit fuit")
        page = home.get(f"{PRIVACY}/shared", "paul")
        text = " ".join(rows(page))
        assert "Je grimpe" in text
        assert "Le toit fuit" in text
        assert "06 12" not in text
        buttons = {button["formaction"] for button in page.html.main.select("button.aud")}
        assert any("/profile/" in address for address in buttons)
        assert encode(number) in page

    def test_says_who_exactly(self, home):
        home.know("ines", "marie")
        path = home.say("ines", "web", "https://tilleul.example", "contacts")
        links = home.get(f"{PRIVACY}/shared").html.main.select('a[href$="/who"]')
        assert f"{path}/who" in {link["href"] for link in links}
        assert "marie" in home.get(f"{path}/who")

    def test_has_what_the_space_shows_of_what_the_site_knows(self, home):
        def show(request, member):
            profiles = request.find_service(IProfiles)
            profiles.limit(profiles.stand(member, AVATAR), Audience("members"))

        home.act("marie", show)
        assert any("Small picture" in row for row in rows(home.get(f"{PRIVACY}/shared", "marie")))

    def test_goes_on_page_by_page(self, home, monkeypatch):
        monkeypatch.setattr(views, "PAGE", 2)
        uid = home.house.member("lea")
        home.uids["lea"] = uid
        for number in range(5):
            home.say("lea", "interest", f"Chose {number}", "members")
        seen, page = [], home.get(f"{PRIVACY}/shared", "lea")
        while True:
            seen += [row for row in rows(page) if "Chose" in row]
            older = page.html.select_one('a[rel="next"]')
            if older is None:
                break
            page = home.get(older["href"], "lea")
        assert [row.partition("Chose ")[2][0] for row in seen] == list("43210")

    def test_of_another_is_not_shown(self, home):
        home.say("marie", "occupation", "Luthière secrète", "members")
        assert "Luthière" not in home.get(f"{PRIVACY}/shared", "paul")

    @pytest.mark.parametrize("before", ["x", "1", "1-", "-1", "1-x", "٣-٤", "9" * 30 + "-1"])
    def test_refuses_a_place_that_is_none(self, home, before):
        home.get(f"{PRIVACY}/shared?before={before}", status=400)


class TestWrote:
    def test_has_posts_in_a_forum_that_is_closed_to_their_author_to_be_deleted(self, home):
        home.house.work(lambda r: r.find_service(IForums).add_forum("club", "Le club"))
        number = topic(home, forum="club", title="Au club", body="Mots d'avant")

        def narrow(request):
            forum = request.site["forums"]["club"]
            only = Audience("chosen", [member_principal(home.uids["paul"])])
            request.find_service(IForums).change_forum(forum, {"audience": only})

        home.house.work(narrow)
        home.browser("ines").get(f"/forums/club/{encode(number)}", status=404)
        page = home.get(f"{PRIVACY}/wrote?kind=forums.post")
        row = next(row for row in rows(page) if "Mots d'avant" in row)
        assert "closed to you now" in row
        assert "Au club" not in page
        link = f"{PRIVACY}/wrote/forums.post/{encode(number)}"
        assert "Mots d'avant" in home.get(link)
        home.click(link, "forget")
        assert "Mots d'avant" not in home.get(f"{PRIVACY}/wrote?kind=forums.post")
        post = home.house.work(lambda r: r.site["forums"].post(number))
        assert post is None  # the topic was bare, and went with it

    def test_deleting_a_title_leaves_what_others_answered(self, home):
        number = topic(home, title="Un titre à moi")

        def answer(request):
            forums = request.site["forums"]
            service = request.find_service(IForums)
            return service.reply(forums.topic(number), home.uids["paul"], "Réponse de Paul").id

        home.house.work(answer)
        home.click(f"{PRIVACY}/wrote/forums.topic/{encode(number)}", "forget")
        page = home.browser("paul").get(f"/forums/general/{encode(number)}").maybe_follow()
        assert "Réponse de Paul" in page
        assert "Un titre à moi" not in page
        kinds = home.house.work(
            lambda r: r.find_service(IAuthored).wrote(home.uids["ines"], "forums.topic", number)
        )
        assert kinds is False

    def test_what_another_wrote_is_not_there_to_be_deleted(self, home):
        number = topic(home, by="paul", body="Mots de Paul")
        for kind in ("forums.post", "forums.topic", "nothing.such"):
            link = f"{PRIVACY}/wrote/{kind}/{encode(number)}"
            home.get(link, status=404)
            home.click(link, "forget", status=404)
        assert home.house.work(lambda r: r.site["forums"].post(number).body) is not None
        home.get(f"{PRIVACY}/wrote/forums.post/xyz", status=400)
        assert "Mots de Paul" not in home.get(f"{PRIVACY}/wrote?kind=forums.post")

    def test_elements_of_the_space_are_there_too(self, home):
        home.say("ines", "occupation", "Tailleuse de pierre")
        page = home.get(f"{PRIVACY}/wrote?kind=communicate.element")
        assert "Tailleuse de pierre" in page

    def test_a_kind_that_is_none_is_not_there(self, home):
        home.get(f"{PRIVACY}/wrote?kind=no.such", status=404)
        home.get(f"{PRIVACY}/wrote?kind=forums.post&before=zz", status=400)


class TestOff:
    def test_what_a_plugin_keeps_that_is_off_is_listed_and_exported(self, make_home):
        home = make_home(["forums"])
        topic(home, body="Mots gardés")
        topic(home, by="paul", body="Mots de Paul", title="Titre de Paul")
        home.house.reboot([])
        page = home.get(PRIVACY)
        assert "This service is switched off" in page
        assert any("forums.post" in row and "1 thing" in row for row in rows(page))
        archive = exported(home.house, "ines")
        part = next(part for part in archive.manifest["parts"] if part["name"] == "forums")
        assert part["state"] == "off"
        kept = archive.records("forums", "kept")
        assert {row["class"].rpartition(".")[2] for row in kept} == {"Topic", "Post", "Reader"}
        assert "Mots gardés" in archive.text
        assert "Mots de Paul" not in archive.text
        assert "Titre de Paul" not in archive.text
        home.house.reboot(["forums"])
        assert exported(home.house, "ines").records("forums", "post")[0]["text"] == "Mots gardés"


class TestReading:
    def test_changes_nothing(self, home):
        pages = [f"{PRIVACY}{name}" for name in ("", "/export", "/shared", "/wrote")]
        for path in pages:
            home.get(path)
        before = home.house.registry.getUtility(IDatabase).lastTransaction()
        for path in pages:
            home.get(path)
        assert home.house.registry.getUtility(IDatabase).lastTransaction() == before
