import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import pytest

from communicate.demo import running
from communicate.erasure.jobs import go_on
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored, IErasure, IKeyRing, IPlugins
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_forums import duties
from communicate_forums.interfaces import IForums, IMoves


@dataclass
class Member:
    """A member as the duty hooks are told of one."""

    uid: int
    request: object


@dataclass
class Receipt:
    counts: dict = field(default_factory=dict)

    def erased(self, kind, count=1):
        self.counts[kind] = self.counts.get(kind, 0) + count


def export(place, login):
    """Return what the forums write into the archive of *login*, by kind."""
    archive = exported(place.house, login)
    kinds = ("topic", "post", "followed", "read", "feed")
    return {kind: archive.records("forums", kind) for kind in kinds}


def erase(place, login):
    """Have the plugin erase in batches; return the receipt's counts and how many batches."""
    receipt, batches = Receipt(), 1

    def batch(request, _forums):
        return duties.erase(Member(place.uids[login], request), receipt)

    while place.do(batch):
        batches += 1
    return receipt.counts, batches


def page(place, login, topic):
    return place.browser(login).get(topic.base).maybe_follow().text


@pytest.fixture
def own(make_place):
    """Return a place of one test, in which ines opened a topic that paul answered."""
    place = make_place()
    place.written = place.topic(title="Ma cabane", body="Trois planches")
    place.answer = place.reply(place.written, "Et un toit")
    return place


class TestPersonalData:
    def test_every_class_that_holds_words_is_declared(self, own):
        own.browser("paul").get(own.written.base).maybe_follow()
        assert kit.undeclared_classes(own.house, "forums") == []

    def test_no_core_object_holds_a_class_of_the_plugin(self, own):
        assert kit.intruders(own.house) == []

    def test_each_kind_says_what_why_and_how_long(self):
        assert {item.kind for item in duties.PERSONAL_DATA} == {
            "forums.topic",
            "forums.post",
            "forums.reading",
            "forums.author",
            "forums.following",
            "forums.feed",
            "forums.reason",
        }
        assert all(item.what and item.why and item.retention for item in duties.PERSONAL_DATA)

    def test_all_that_members_author_is_listed_under_their_uid(self, own):
        kinds = own.do(lambda request, _: request.find_service(IAuthored).kinds(own.uids["ines"]))
        assert set(kinds) == {"forums.topic", "forums.post"}


class TestExport:
    def test_holds_every_post_and_ones_own_titles(self, own):
        found = export(own, "ines")
        assert found["followed"] == [{"path": own.written.base}]
        assert [(row["title"], row["path"]) for row in found["topic"]] == [
            ("Ma cabane", own.written.base)
        ]
        (post,) = found["post"]
        assert post["path"] == own.written.post()
        assert (post["title"], post["text"]) == ("Ma cabane", "Trois planches")
        assert (post["edited"], post["hidden"]) == (None, False)
        assert datetime.fromisoformat(post["written"]) == time_of(own.written.number)

    def test_posts_stand_in_a_place_of_others(self, own):
        names = exported(own.house, "ines").names
        assert "participations/forums/post.json" in names
        assert "data/forums/post.json" not in names

    def test_holds_nothing_that_others_wrote_but_a_title_that_one_may_read(self, own):
        archive = exported(own.house, "paul")
        assert [row["title"] for row in archive.records("forums", "post")] == ["Ma cabane"]
        assert archive.records("forums", "topic") == []
        assert "Et un toit" in archive.text
        assert "planches" not in archive.text

    def test_leaves_out_the_title_of_a_topic_that_is_closed_to_its_author(self, own):
        own.do(lambda _, f: setattr(f["general"], "audience", own.only("ines")))
        archive = exported(own.house, "paul")
        assert "Et un toit" in archive.text
        assert "Ma cabane" not in archive.text

    def test_says_why_a_post_is_hidden(self, own):
        own.remove(own.answer, "set_hidden", True, "Hors sujet", own.uids["moira"])
        assert [row["hidden"] for row in export(own, "paul")["post"]] == ["Hors sujet"]

    def test_leaves_out_what_was_deleted(self, own):
        own.remove(own.answer)
        assert export(own, "paul")["post"] == []
        own.later(seconds=11)
        assert export(own, "paul")["post"] == []

    def test_says_how_far_one_has_read(self, own):
        own.browser("paul").get(own.written.base).maybe_follow()
        last = own.reply(own.written, "Et une porte", by="ines")
        own.browser("paul").get(own.written.base).maybe_follow()
        found = export(own, "paul")
        assert found["read"] == [{"path": own.written.base, "last": encode(last)}]
        assert found["feed"] == []


class TestErase:
    def test_empties_posts_and_titles_and_forgets_the_author(self, own):
        counts, _batches = erase(own, "ines")
        assert counts == {
            "forums.post": 1,
            "forums.topic": 1,
            "forums.following": 1,
            "forums.reading": 1,
        }

        def look(_request, forums):
            topic, post = forums.topic(own.written.number), forums.post(own.written.number)
            return topic.title, topic.owner, post.body, post.html, post.owner, topic.count()

        assert own.do(look) == (None, None, None, None, None, 1)

    def test_leaves_the_answers_of_others_under_a_deleted_title(self, own):
        erase(own, "ines")
        text = page(own, "paul", own.written)
        assert "Et un toit" in text
        assert "A deleted title" in text
        assert "a former member" in text.lower()
        assert "Post deleted" in text
        assert "Ma cabane" not in text
        shown = text.partition("<main")[2].partition("</main>")[0]
        assert re.search(r"\bines\b", shown) is None

    def test_removes_a_topic_in_which_nobody_else_wrote(self, own):
        alone = own.topic()
        erase(own, "ines")
        assert own.do(lambda _, forums: forums.topic(alone.number)) is None

    def test_forgets_what_the_member_has_read(self, own):
        own.browser("paul").get(own.written.base).maybe_follow()
        assert own.do(lambda _, forums: own.uids["paul"] in forums.readers)
        counts, _batches = erase(own, "paul")
        assert counts == {"forums.post": 1, "forums.reading": 1}
        assert own.do(lambda _, forums: own.uids["paul"] in forums.readers) is False

    def test_goes_batch_by_batch_and_can_begin_again(self, own, monkeypatch):
        monkeypatch.setattr(duties, "BATCH", 4)
        own.replies(own.written, 9)
        counts, batches = erase(own, "paul")
        assert (counts["forums.post"], batches) == (10, 4)
        assert erase(own, "paul") == ({}, 1)

    def test_takes_the_words_out_of_search(self, own):
        assert own.found(None, "toit") == {own.answer}
        erase(own, "paul")
        assert own.found(None, "toit") == set()

    def test_takes_what_waits_to_be_destroyed_too(self, own):
        own.remove(own.answer)
        erase(own, "paul")
        assert own.do(lambda _, forums: forums.post(own.answer).body) is None
        own.later(seconds=11)

    def test_forgets_what_the_member_follows_and_the_private_feed(self, own, monkeypatch):
        monkeypatch.setattr(duties, "BATCH", 2)
        own.click("paul", f"{own.written.base}/follow?act=follow")
        own.click("paul", "/forums/general/follow?act=follow")
        own.click("paul", f"{own.topic().base}/follow?act=follow")
        own.browser("paul").get("/account/forums")
        own.do(lambda _, forums: setattr(forums.readers[own.uids["paul"]], "feed", b"x" * 32))
        counts, _batches = erase(own, "paul")
        assert counts["forums.following"] == 3

        def left(_request, forums):
            sets = [forums["general"].followers, *(t.followers for t in forums.topics.values())]
            return any(own.uids["paul"] in found for found in sets if found)

        assert own.do(left) is False
        assert own.do(lambda _, forums: own.uids["paul"] in forums.readers) is False

    def test_forgets_the_answer_and_leaves_its_quotes_empty(self, own):
        own.do(lambda _, f: setattr(f.topic(own.written.number), "answer", own.answer))
        own.reply(own.written, f"[quote:{encode(own.answer)}]", by="ines")
        own.remove(own.answer, "set_hidden", True, "Hors sujet", own.uids["moira"])
        erase(own, "paul")
        found = own.do(
            lambda _, f: (f.topic(own.written.number).answer, f.post(own.answer).reason)
        )
        assert found == (0, None)
        quoted = own.browser("ines").get(own.written.base).maybe_follow().html.select(".quoted")
        assert [block.get_text(strip=True) for block in quoted] == ["Post deleted"]

    def test_takes_the_title_that_a_moderator_gave_to_a_part(self, own):
        uid = own.uids["moira"]

        def split(request, forums):
            service = request.find_service(IMoves)
            return service.split(forums.post(own.answer), "À part", uid).id

        new = own.do(split)
        erase(own, "moira")
        found = own.do(lambda _, f: (f.topic(new).title, f.topic(new).owner))
        assert found == (None, own.uids["paul"])
        erase(own, "paul")
        assert own.do(lambda _, forums: forums.topic(new)) is None


class TestErasedAccount:
    def test_a_whole_erasure_leaves_a_former_member_and_no_key(self, own):
        uid = own.uids["ines"]
        own.house.work(lambda request: request.find_service(IErasure).start(uid))
        hidden = page(own, "paul", own.written)
        assert "Trois planches" not in hidden
        go_on(own.house.registry, uid)
        text = page(own, "paul", own.written)
        assert "Et un toit" in text
        assert "former member" in text
        assert own.house.work(lambda r: r.find_service(IKeyRing).holds(uid)) is False
        lists = [own.browser("paul").get(path).text for path in ("/forums", "/forums/general")]
        assert all("A deleted title" in listed for listed in lists)
        assert not any("Ma cabane" in listed for listed in lists)

    def test_a_key_that_is_gone_reads_as_deleted_before_the_plugin_has_done_its_part(self, own):
        own.house.registry.getUtility(IKeyRing).destroy(own.uids["ines"])
        text = page(own, "paul", own.written)
        assert "Post deleted" in text
        assert "A deleted title" in text
        assert "Trois planches" not in text


class TestModerables:
    @pytest.fixture
    def moderables(self):
        return {moderable.kind: moderable for moderable in duties.MODERABLES}

    def test_find_what_they_are_told_the_id_of(self, own, moderables):
        def find(request, forums):
            topic = moderables["forums.topic"].find(request, own.written.number)
            post = moderables["forums.post"].find(request, own.answer)
            return topic is forums.topic(own.written.number), post is forums.post(own.answer)

        assert own.do(find) == (True, True)
        assert own.do(lambda request, _: moderables["forums.post"].find(request, 5)) is None

    @pytest.mark.parametrize("kind", ["forums.topic", "forums.post"])
    def test_hide_for_all_but_moderators(self, own, moderables, kind):
        def hide(request, _forums):
            moderable = moderables[kind]
            number = own.written.number if kind == "forums.topic" else own.answer
            moderable.hide(request, moderable.find(request, number), "rude")

        own.do(hide)
        address = own.written.base if kind == "forums.topic" else own.written.post(own.answer)
        assert [own.status(who, address) for who in (None, "ines", "moira")] == [404, 404, 200]

    def test_deleting_a_topic_destroys_title_and_first_post_only(self, own, moderables):
        def delete(request, forums):
            moderables["forums.topic"].delete(request, forums.topic(own.written.number))

        own.do(delete)

        def look(request, forums):
            topic = forums.topic(own.written.number)
            words = request.find_service(IForums)
            return topic.title, topic.posts[topic.id].body, words.body(topic.posts[own.answer])

        assert own.do(look) == (None, None, "Et un toit")
        assert own.status("ines", own.written.base) == 404

    def test_deleting_a_post_destroys_its_words(self, own, moderables):
        own.do(
            lambda request, forums: moderables["forums.post"].delete(
                request, forums.post(own.answer)
            )
        )
        assert own.do(lambda _, forums: forums.post(own.answer).body) is None


class TestPaths:
    def test_say_who_reads_as_the_page_does(self, own):
        path = duties.PATHS[0]
        assert own.do(
            lambda request, forums: path.reach(request, forums.topic(own.written.number))
        )


class TestSwitchedOff:
    def test_all_is_404_and_back_as_before(self, own):
        kit.check_switching(own.house, "forums", own.written.base)
        assert "Trois planches" in own.house.browser().get(own.written.base).maybe_follow().text

    def test_the_hooks_are_those_of_the_contract(self, own):
        plugins = own.house.registry.getUtility(IPlugins)
        call = partial(plugins.call, "forums")
        assert [mount.name for mount in call("communicate_mounts")] == ["forums"]
        assert {job.name for job in call("communicate_jobs")} == {
            "forums.destroy",
            "forums.reindex",
            "forums.tell",
            "forums.tell_on",
            "forums.announce",
        }
        assert len(call("communicate_indexables")) == 2
        assert {node.name for node in call("communicate_settings")} == {
            "page_size",
            "topics",
            "longest",
            "feeds",
            "wrong_feeds",
        }
        assert call("communicate_help")


class TestPromises:
    def test_a_demo_stores_nothing_undeclared_and_an_erasure_forgets_nothing(self, make_house):
        house = make_house(["forums"])
        running.make(house.registry, 6, 1, lambda _line: None)
        assert promises.undeclared(house, "forums") == []
        login = house.work(lambda request: next(iter(request.site["members"])))
        assert promises.forgotten(house, "forums", login) == []
