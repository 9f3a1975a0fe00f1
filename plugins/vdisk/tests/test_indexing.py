"""What the search finds: names, and what texts say, for those who may read it at that moment."""

from communicate.audience import MEMBERS, PRIVATE
from communicate.interfaces import IAudiences


class TestWords:
    def test_a_text_is_found_by_what_it_says_and_a_picture_by_its_name(self, make_place):
        place = make_place()
        text = place.file("Plan.md", "# Semis\n\nLes fèves d’abord.".encode())
        odd = place.file("Vieux.txt", "Cerfeuil à tailler".encode("latin-1"))
        other = place.file("Serre.bin", b"\0\1\2 feves")
        for word, number in (("feves", text), ("cerfeuil", odd), ("serre", other)):
            own, strange = (
                place.browser(who).get(f"/search?q={word}") for who in ("ines", "paul")
            )
            assert place.path(number) in own
            assert place.path(number) not in strange
        place.share(text, MEMBERS)
        place.house.run_jobs()
        assert place.found("oscar", "feves") == {text}
        assert "abord" in place.browser("oscar").get("/search?q=feves")

    def test_other_bytes_have_other_words(self, make_place):
        place = make_place()
        number = place.file("a.txt", b"panais")
        place.share(number, MEMBERS)
        place.file("a.txt", b"navet")
        place.house.run_jobs()
        assert (place.found("paul", "panais"), place.found("paul", "navet")) == (set(), {number})

    def test_what_a_folder_governs_follows_it(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        inner = place.folder("Serre", folder)
        number = place.file("a.txt", b"panais", inner)
        place.share(folder, MEMBERS)
        place.house.run_jobs()
        assert place.found("oscar", "panais") == {number}
        place.do(
            lambda request, service: request.find_service(IAudiences).choose(
                service.find(folder), PRIVATE
            )
        )
        assert place.found("oscar", "panais") == set()
        place.house.run_jobs()
        assert place.path(number) in place.browser("ines").get("/search?q=panais")

    def test_what_is_moved_is_governed_by_where_it_lies(self, make_place):
        place = make_place()
        shown, closed = place.folder("Jardin"), place.folder("Papiers")
        inner = place.folder("Serre", shown)
        number = place.file("a.txt", b"panais", inner)
        place.share(shown, MEMBERS)
        place.house.run_jobs()
        place.do(lambda _r, s: s.move(s.find(inner), s.find(closed)))
        assert place.found("oscar", "panais") == set()
        place.house.run_jobs()
        assert place.found("oscar", "panais") == set()
        place.do(lambda _r, s: s.move(s.find(inner), s.find(shown)))
        place.house.run_jobs()
        assert place.found("oscar", "panais") == {number}
