import pytest

from communicate.interfaces import IContacts, INotifications
from communicate.outbox.runner import run_due
from communicate_forums.interfaces import IForums
from communicate_forums.mentions import MOST, link, named

KNOWN = {"paul", "ines.d"}


def linked(html):
    return named(link(html, KNOWN.__contains__))


@pytest.fixture
def told(make_place):
    """Return a place, and what tells how many notices somebody has not read."""
    place = make_place()

    def unread(login):
        run_due(place.house.registry)
        uid = place.uids[login]
        return place.house.work(lambda r: r.find_service(INotifications).unread(uid))

    place.unread = unread
    return place


class TestLinks:
    @pytest.mark.parametrize(
        ("html", "found"),
        [
            ("<p>@paul</p>", {"paul"}),
            ("<p>Merci (@Paul), à demain</p>", {"paul"}),
            ("<p>Voir @paul.</p>", {"paul"}),
            ("<p>@ines.d et @paul</p>", {"ines.d", "paul"}),
            ("<p>paul@example.org, x@paul, @paul@ailleurs.example</p>", set()),
            ("<p>@inconnu</p>", set()),
            ("<p><code>@paul</code></p>", set()),
            ("<pre><code>a\n@paul</code></pre>", set()),
            ('<p><a href="/x">@paul</a></p>', set()),
            ('<p><a href="/@paul" title="@paul">x</a></p>', set()),
        ],
    )
    def test_are_made_of_logins_outside_code_and_links(self, html, found):
        assert linked(html) == found

    def test_lead_to_the_member_and_keep_what_was_typed(self):
        html = link("<p>Voir @Paul.</p>", KNOWN.__contains__)
        assert html == '<p>Voir <a class="mention" href="/members/paul">@Paul</a>.</p>'

    def test_are_so_many_at_most(self):
        html = "<p>" + " ".join(f"@membre{n}" for n in range(3 * MOST)) + "</p>"
        asked = []
        link(html, lambda login: bool(asked.append(login)) or True)
        assert len(asked) == MOST

    def test_cannot_be_made_by_hand(self, place):
        topic = place.topic(
            body='<a class="mention" href="/members/paul">x</a> [y](/members/paul)'
        )
        page = place.browser().get(topic.base).maybe_follow()
        assert page.html.select(".post-body a")
        assert page.html.select("a.mention") == []


class TestNotices:
    def test_who_is_mentioned_is_told_once(self, told):
        topic = told.topic(body="Qu'en penses-tu, @paul ? @paul !")
        assert (told.unread("paul"), told.unread("moira")) == (1, 0)
        page = told.browser("paul").get("/notices")
        assert "mentions you" in page.text
        assert "penses" not in page.text.partition("<main")[2].partition("</main>")[0]
        assert told.status("paul", topic.post()) == 200

    def test_an_edit_tells_only_whom_it_adds(self, told):
        topic = told.topic(body="Merci @paul")
        assert told.unread("paul") == 1

        def edit(request, forums):
            post = forums.post(topic.number)
            request.find_service(IForums).edit(post, "Merci @paul et @moira")

        told.do(edit)
        assert (told.unread("paul"), told.unread("moira")) == (1, 1)

    def test_nobody_is_told_of_what_they_may_not_read(self, told):
        told.topic(told.forum(audience=told.only("ines", "moira")), body="Chut, @paul @moira")
        assert (told.unread("paul"), told.unread("moira")) == (0, 1)

    def test_nobody_tells_themselves(self, told):
        told.topic(body="Moi, @ines")
        assert told.unread("ines") == 0

    @pytest.mark.parametrize(("one", "other"), [("ines", "paul"), ("paul", "ines")])
    def test_a_block_keeps_both_from_it(self, told, one, other):
        uids = told.uids
        told.house.work(lambda r: r.find_service(IContacts).block(uids[one], uids[other]))
        told.topic(body="Écoute, @paul")
        assert told.unread("paul") == 0

    def test_what_is_deleted_before_it_is_told_is_not_told(self, told):
        topic = told.topic(body="Ah, @paul")
        told.remove(topic.number)
        assert told.unread("paul") == 0
