import pytest

from communicate.interfaces import IContacts, IErasure, INotifications, ISeals
from communicate_forums import duties


def unread(place, login):
    uid = place.uids[login]
    return place.house.work(lambda r: r.find_service(INotifications).unread(uid))


class TestHiding:
    def test_a_reason_is_needed(self, place):
        topic = place.topic()
        place.click("moira", f"{topic.base}/hide", status=400)
        assert place.status(None, topic.base) == 200

    def test_the_author_of_a_post_is_told_and_reads_why(self, make_place):
        place = make_place()
        topic = place.topic()
        number = place.reply(topic, "Mot de trop")
        place.write("moira", topic.post(number) + "/hide", "hide", reason="Trop <vif>")
        assert unread(place, "paul") == 1
        page = place.browser("paul").get(topic.post(number) + "/reason")
        assert "Trop &lt;vif&gt;" in page.text
        assert "Mot de trop" in page.text
        assert "Trop &lt;vif&gt;" in place.browser("paul").get(topic.base).follow().text
        for login in (None, "ines", "oscar"):
            assert place.status(login, topic.post(number) + "/reason") == 404
            assert "Trop" not in place.browser(login).get(topic.base).maybe_follow().text

    def test_the_author_is_told_even_of_one_who_is_blocked_and_not_by_whom(self, make_place):
        place = make_place()
        topic = place.topic()
        ines, moira = place.uids["ines"], place.uids["moira"]
        place.house.work(lambda request: request.find_service(IContacts).block(ines, moira))
        place.write("moira", f"{topic.base}/hide", "hide", reason="Hors sujet")
        assert unread(place, "ines") == 1
        row = place.browser("ines").get("/notices").html.select_one("main .rows li")
        assert "moira" not in str(row)

    def test_the_author_of_a_topic_reads_why_and_nothing_else(self, make_place):
        place = make_place()
        topic = place.topic(title="Indésirable")
        place.reply(topic, "Réponse")
        place.write("moira", f"{topic.base}/hide", "hide", reason="Hors sujet")
        assert unread(place, "ines") == 1
        page = place.browser("ines").get(f"{topic.base}/reason")
        assert "Hors sujet" in page.text
        assert "Réponse" not in page.text
        assert place.status("ines", topic.base) == 404
        for login in (None, "paul", "oscar"):
            assert place.status(login, f"{topic.base}/reason") == 404

    def test_what_is_shown_again_has_no_reason_any_more(self, place):
        topic = place.topic()
        place.write("moira", topic.post() + "/hide", "hide", reason="Erreur")
        place.click("moira", topic.post() + "/moderate?act=show")
        assert place.do(lambda _, forums: forums.post(topic.number).reason) is None
        assert place.status("ines", topic.post() + "/reason") in (403, 404)

    def test_the_reason_is_sealed_under_the_key_of_who_reads_it(self, place):
        topic = place.topic()
        place.write("moira", topic.post() + "/hide", "hide", reason="Trop vif")
        sealed = place.do(lambda _, forums: forums.post(topic.number).reason)
        assert sealed.uid == place.uids["ines"]
        assert place.house.work(lambda r: r.find_service(ISeals).text(sealed)) == "Trop vif"

    def test_nothing_is_kept_for_an_author_who_is_being_erased(self, make_place):
        place = make_place()
        topic = place.topic()
        number = place.reply(topic, "Adieu")
        place.house.work(lambda r: r.find_service(IErasure).start(place.uids["paul"]) and None)
        place.remove(number, "set_hidden", True, "Hors sujet", place.uids["moira"])
        found = place.do(lambda _, f: (f.post(number).hidden, f.post(number).reason))
        assert found == (True, None)

    def test_a_report_that_hides_leaves_its_reason_too(self, place):
        topic = place.topic()
        place.do(lambda r, forums: duties.hide(r, forums.post(topic.number), "Signalé"))
        assert "Signalé" in place.browser("ines").get(topic.post() + "/reason").text

    @pytest.mark.parametrize("below", ["", "/{}"])
    def test_the_form_says_what_follows(self, place, below):
        topic = place.topic()
        address = topic.base if not below else topic.post()
        page = place.browser("moira").get(f"{address}/hide")
        assert "Its author reads the reason" in page.text


class TestReporting:
    def test_others_posts_and_titles_can_be_reported_ones_own_not(self, place):
        topic = place.topic()
        number = place.reply(topic, "De Paul")
        name = topic.post(number).rpartition("/")[2]
        opening = topic.base.rpartition("/")[2]
        page = place.browser("paul").get(topic.base).maybe_follow().text
        assert f"/report/forums.post/{opening}" in page
        assert f"/report/forums.topic/{opening}" in page
        assert f"/report/forums.post/{name}" not in page
        page = place.browser("ines").get(topic.base).maybe_follow().text
        assert f"/report/forums.post/{name}" in page
        assert f"/report/forums.topic/{opening}" not in page
        assert "/report/" not in place.browser().get(topic.base).maybe_follow().text
