from communicate.clock import milliseconds, now
from communicate.demo import running
from communicate.interfaces import IMembers
from communicate.testing import promises
from communicate.testing.house import House
from communicate_spaces.content import NAME, Wall
from communicate_spaces.interfaces import ICommenting
from communicate_spaces.places import all_in, has_page, threads_of


class TestDemo:
    def test_people_of_both_languages_comment_each_others_spaces(self, make_house):
        house = make_house(["spaces"], language="en")
        made = running.make(house.registry, 24, 7, lambda _said: None)
        assert made.failed == {}

        def look(request):
            comments = list(all_in(request).all.values())
            members = request.find_service(IMembers)
            walls = [members.by_uid(person.uid).get(NAME) for person in made.people]
            threads = [t for wall in walls if wall is not None for t in threads_of(wall)]
            return (
                len(comments),
                sum(comment.is_reply for comment in comments),
                sum(thread.count() for thread in threads),
                sum(int(wall.pending()) for wall in walls if wall is not None),
                {comment.effective_audience().level for comment in comments},
                max(comment.created for comment in comments) <= milliseconds(now(request)),
            )

        count, replies, shown, waiting, levels, past = house.work(look)
        assert count > 20
        assert replies > 5
        assert shown + waiting == count
        assert levels >= {"members", "public"}
        assert past

    def test_members_comment_what_others_wrote_the_same_from_the_same_seed(self, tmp_path):
        """Articles are made after comments as plugins go, and before as the demo goes."""

        def build(name):
            house = House(tmp_path / name, ["spaces", "articles"], {"language": "en"})
            made = running.make(house.registry, 24, 7, lambda _said: None)
            assert made.failed == {}
            found = house.work(said)
            house.close()
            return found

        def said(request):
            words, found = request.find_service(ICommenting), []
            for comment in all_in(request).all.values():
                if has_page(comment.thread.thing) and not isinstance(comment.thread.thing, Wall):
                    thread = comment.thread
                    login = request.find_service(IMembers).login_of
                    found.append((login(thread.owner), login(comment.owner), words.body(comment)))
            return sorted(found)

        comments = build("one")
        assert len(comments) > 10
        assert any(owner == author for owner, author, _body in comments)  # who answers
        assert any("thank" in body.lower() for _owner, _author, body in comments)
        assert any("erci" in body for _owner, _author, body in comments)
        assert build("other") == comments

    def test_it_stores_nothing_undeclared_and_an_erasure_forgets_nothing(self, make_house):
        house = make_house(["spaces"])
        running.make(house.registry, 8, 1, lambda _line: None)
        assert promises.undeclared(house, "spaces") == []

        def talker(request):
            comment = next(iter(all_in(request).all.values()))
            return request.find_service(IMembers).login_of(comment.owner)

        assert promises.forgotten(house, "spaces", house.work(talker)) == []
