"""One post: editing, deleting, taking back."""

import pytest

from communicate.ids import encode
from communicate.testing.kit import form_with


@pytest.fixture
def topic(place):
    return place.topic(title="Le hamac", body="Entre deux pommiers")


def text_of(place, topic, login="paul"):
    return place.browser(login).get(topic.base).maybe_follow().text


class TestEditing:
    def test_the_form_holds_the_words_and_the_title_of_the_first_post(self, place, topic):
        form = form_with(place.browser("ines").get(topic.post() + "/edit"), "body")
        assert (form["title"].value, form["body"].value) == ("Le hamac", "Entre deux pommiers")

    def test_of_a_reply_has_no_title(self, place, topic):
        number = place.reply(topic, "Solide ?")
        form = form_with(place.browser("paul").get(topic.post(number) + "/edit"), "body")
        assert "title" not in form.fields

    def test_leads_to_the_post_on_its_page(self, place):
        topic = place.topic()
        number = place.replies(topic, 9)[6]
        answer = place.write("paul", topic.post(number) + "/edit", body="Corrigé")
        page = answer.follow()
        assert answer.location.endswith("#" + encode(number))
        assert (
            page.html.find(id=encode(number)).find(class_="prose").get_text().strip() == "Corrigé"
        )

    def test_a_preview_changes_no_post(self, place, topic):
        page = place.write("ines", topic.post() + "/edit", "preview", 200, body="**presque**")
        assert page.html.find(id="preview").strong.get_text() == "presque"
        assert "presque" not in text_of(place, topic)
        assert place.do(lambda _, forums: forums.post(topic.number).edited) == 0

    @pytest.mark.parametrize("body", ["", "a\x00b", "x" * 601])
    def test_hostile_values_change_nothing(self, place, topic, body):
        place.write("ines", topic.post() + "/edit", body=body, status=400)
        assert "Entre deux pommiers" in text_of(place, topic)

    def test_the_first_button_saves(self, place, topic):
        form = form_with(place.browser("ines").get(topic.post() + "/edit"), "body")
        form["body"] = "Par Entrée"
        form.submit(status=303)
        assert "Par Entrée" in text_of(place, topic)

    @pytest.mark.parametrize("login", [None, "paul", "moira", "oscar"])
    def test_nobody_else_may(self, place, topic, login):
        assert place.status(login, topic.post() + "/edit") == 403
        place.click(login, topic.post() + "/edit?body=Faux", status=403)
        assert "/edit" not in text_of(place, topic, login)


class TestDeleting:
    def test_hides_at_once_on_every_path(self, place, topic):
        number = place.reply(topic, "Chrysanthème")
        address = topic.post(number)
        place.click("paul", address + "/delete")
        for login in (None, "ines", "moira", "paul"):
            assert place.status(login, address) == 404
            assert place.status(login, address + "/edit") == 404
            for path in (topic.base, "/", "/forums", "/forums/general"):
                page = place.browser(login).get(path).maybe_follow().text
                assert "Chrysanthème" not in page
            assert place.found(login, "chrysanthème") == set()
        assert "Post deleted" in text_of(place, topic)

    def test_offers_to_take_it_back_for_ten_seconds_to_its_author_alone(self, place, topic):
        number = place.reply(topic, "Annulable")
        place.browser("paul").get("/forums")
        answer = place.click("paul", topic.post(number) + "/delete")
        snack = answer.follow().html.find(class_="snack")
        assert snack["data-undo"] == "10"
        assert snack["role"] == "status"
        assert snack.form["action"].endswith(f"{encode(number)}/undo")
        assert "/undo" not in place.browser("ines").get(answer.location).text
        place.later(seconds=11)
        assert "/undo" not in place.browser("paul").get(answer.location).text

    def test_taken_back_it_is_where_it_was(self, place, topic):
        number = place.reply(topic, "De retour")
        place.click("paul", topic.post(number) + "/delete")
        answer = place.click("paul", topic.post(number) + "/undo")
        assert answer.location.endswith("#" + encode(number))
        assert "De retour" in answer.follow().text
        assert place.found(None, "retour") >= {number}

    def test_a_double_click_deletes_once_and_leads_to_the_same_place(self, place, topic):
        number = place.reply(topic, "Deux clics")
        answers = [place.click("paul", topic.post(number) + "/delete") for _ in range(2)]
        assert answers[0].location == answers[1].location
        assert place.do(lambda _, forums: forums.topic(topic.number).count()) == 1

    def test_a_double_click_on_undo_takes_back_once(self, place, topic):
        number = place.reply(topic, "Deux clics")
        place.click("paul", topic.post(number) + "/delete")
        answers = [place.click("paul", topic.post(number) + "/undo") for _ in range(2)]
        assert answers[0].location == answers[1].location
        assert place.do(lambda _, forums: forums.topic(topic.number).count()) == 2

    def test_after_ten_seconds_there_is_nothing_to_take_back(self, place, topic):
        number = place.reply(topic, "Trop tard")
        place.click("paul", topic.post(number) + "/delete")
        place.later(seconds=11)
        for act in ("undo", "delete"):
            place.click("paul", f"{topic.post(number)}/{act}", status=404)
        assert "Trop tard" not in text_of(place, topic)

    def test_of_a_topics_only_post_takes_the_topic_and_leads_to_the_forum(self, place):
        forum = place.forum()
        topic = place.topic(forum, title="Éphémère")
        answer = place.click("ines", topic.post() + "/delete")
        page = answer.follow()
        assert page.request.path == f"/forums/{forum}"
        assert "Topic deleted." in page.text
        assert place.status("paul", topic.base) == place.status("ines", topic.base) == 404
        back = place.click("ines", page.html.find(class_="snack").form["action"])
        assert "Éphémère" in back.follow().text
        assert place.status("paul", topic.base) == 200

    @pytest.mark.parametrize("login", [None, "paul", "moira", "oscar"])
    def test_nobody_else_may(self, place, topic, login):
        for act in ("delete", "undo"):
            place.click(login, f"{topic.post()}/{act}", status=403)
        assert "Entre deux pommiers" in text_of(place, topic)

    def test_a_link_deletes_nothing(self, place, topic):
        for act in ("delete", "undo", "moderate"):
            assert place.status("ines", f"{topic.post()}/{act}") in (404, 405)
        assert "Entre deux pommiers" in text_of(place, topic)

    def test_ones_own_hidden_post_can_be_deleted_and_not_read(self, place, topic):
        number = place.reply(topic, "Caché")
        place.remove(number, "set_hidden", True)
        assert place.status("paul", topic.post(number)) == 404
        place.click("paul", topic.post(number) + "/delete")
        assert place.do(lambda _, forums: bool(forums.post(number).deleted))
