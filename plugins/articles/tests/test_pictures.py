"""Pictures of an article: in its words, on top, beside a draft; read by whom the words are."""

from io import BytesIO

from PIL import Image
from webtest import Upload

from communicate.audience import MEMBERS, PUBLIC
from communicate.ids import encode
from communicate.interfaces import IAuthored
from communicate.mydata.importing import bring_back
from communicate.testing.archives import exported
from communicate.testing.kit import form_with
from communicate.writing.interfaces import IAttachments
from communicate_articles.words import Written


def picture(colour="teal"):
    """Return the bytes of a picture as somebody sends one."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def attach(place, number, name="pont.png", by="ines"):
    """Attach a picture to an article of *by*; return its id."""

    def put(request, service):
        attachments = request.find_service(IAttachments)
        return attachments.put(service.find(number), place.uids[by], name, picture()).id

    return place.do(put)


def base(place, number):
    return f"/members/ines/articles/{encode(number)}"


class TestPictures:
    def test_is_shown_in_the_words_to_who_may_read_them(self, place):
        number = place.begin(text="Avant.")
        file = attach(place, number)
        place.choose(number, MEMBERS)
        text = f"Voici ![le pont](attachment:{encode(file)})."
        place.change(number, text)
        page = place.browser("paul").get(place.path(number))
        shown = page.html.select_one(".long img")
        assert (shown["alt"], shown["width"]) == ("le pont", "64")
        assert place.browser("paul").get(shown["src"]).content_type == "image/webp"
        assert place.status(None, shown["src"]) == 403
        place.choose(number, place.only("oscar"))
        assert place.status("paul", shown["src"]) == 404
        assert place.status("oscar", shown["src"]) == 200

    def test_what_belongs_to_a_draft_is_its_authors(self, place):
        number = place.article(PUBLIC, text="Dehors.")
        file = attach(place, number)
        address = f"{base(place, number)}/{encode(file)}"
        assert place.status("ines", address) == 200
        assert place.status("paul", address) == 404
        assert not place.browser("paul").get(place.path(number)).html.select(".long img")
        place.change(number, f"![x](attachment:{encode(file)})")
        assert place.status("paul", address) == 200

    def test_it_comes_with_the_form_and_can_be_the_cover(self, place):
        form = place.form("ines", "/articles/write", "text")
        form["title"] = "Avec image"
        upload = next(name for name in form.fields if name and "file" in name.lower())
        form[upload] = [Upload("pont.png", picture(), "image/png")]
        answer = form.submit("save", status=303)
        form = form_with(answer.follow(), "cover")
        form["cover"] = form["cover"].options[1][0]
        form["cover_text"] = "Le pont, ouvert"
        page = form.submit("go_on", status=303).follow()
        form_with(page, "visible").submit("publish", status=303)
        path = answer.location.removesuffix("/edit")
        shown = place.browser("ines").get(path).html.select_one("figure.cover img")
        assert shown["alt"] == "Le pont, ouvert"
        assert place.browser("ines").get(shown["src"]).content_type == "image/webp"

    def test_it_goes_with_the_article(self, place):
        number = place.article(PUBLIC, text="Dehors.")
        file = attach(place, number)
        place.change(number, f"![x](attachment:{encode(file)})")
        address = f"{base(place, number)}/{encode(file)}"
        place.remove(number)
        assert place.status("paul", address) == 404
        place.remove(number, "destroy")
        uid = place.uids["ines"]
        left = place.do(lambda request, _s: request.find_service(IAttachments).of(uid))
        assert file not in {each.id for each in left}

    def test_it_comes_back_from_an_archive(self, place, fresh, tmp_path):
        one, other = fresh(), fresh()
        number = place.begin(one, text="Rien.")
        file = attach(place, number, by=one)
        place.choose(number, PUBLIC)
        place.change(number, f"![le pont](attachment:{encode(file)})", cover=file)
        path = tmp_path / "one.zip"
        path.write_bytes(exported(place.house, one).data)
        bring_back(place.house.registry, path, login=other)

        def first(request, service):
            listed = request.find_service(IAuthored)
            article = service.find(listed.items(place.uids[other], "articles.article")[0])
            return service.path(article), article.cover, article.files

        address, cover, files = place.do(first)
        assert files == (cover,) != (file,)
        page = place.browser().get(address)
        shown = page.html.select("figure.cover img, .long img")
        assert [tag["alt"] for tag in shown] == ["", "le pont"]
        for tag in shown:
            assert place.browser().get(tag["src"]).content_type == "image/webp"

    def test_a_preview_shows_what_is_attached(self, place):
        number = place.begin(text="Rien.")
        file = attach(place, number)
        form = place.form("ines", f"{place.path(number)}/edit", "text")
        form["text"] = f"![le pont](attachment:{encode(file)})"
        page = form.submit("preview")
        assert [tag["alt"] for tag in page.html.select("#preview img")] == ["le pont"]
        assert Written("x", "y").cover == 0


class TestBesideADraft:
    """A picture of the draft stays its author's, whatever else happens to the article."""

    def test_making_the_page_anew_shows_nothing_of_the_draft(self, place):
        number = place.article(PUBLIC, text="Dehors.")
        file = attach(place, number, "secret.png")
        place.state(number, lambda article: setattr(article, "made_by", "older"))
        address = f"{base(place, number)}/{encode(file)}"
        page = place.browser().get(place.path(number))
        assert "secret" not in page.text
        assert encode(file) not in page.text
        assert place.status("paul", address) == 404
        assert place.status("ines", address) == 200

    def test_an_archive_brings_back_which_are_out(self, place, fresh, tmp_path):
        one, other = fresh(), fresh()
        number = place.article(PUBLIC, by=one, text="Dehors.")
        out = attach(place, number, "pont.png", one)
        place.change(number, f"![le pont](attachment:{encode(out)})")
        attach(place, number, "secret.png", one)
        path = tmp_path / "one.zip"
        path.write_bytes(exported(place.house, one).data)
        bring_back(place.house.registry, path, login=other)

        def look(request, service):
            listed, files = request.find_service(IAuthored), request.find_service(IAttachments)
            article = service.find(listed.items(place.uids[other], "articles.article")[0])
            out = {files.name(each): each.id in article.files for each in article.attached()}
            return service.path(article), out

        address, out = place.do(look)
        assert out == {"pont.webp": True, "secret.webp": False}
        assert "secret" not in place.browser().get(address).text


def test_a_report_shows_what_is_out_and_nothing_of_the_draft(make_place):
    place = make_place()
    number = place.begin(text="Avant.")
    out = attach(place, number)
    place.change(number, f"![le pont](attachment:{encode(out)})")
    place.choose(number, MEMBERS)
    beside = attach(place, number, "secret.png")

    def draft(_request, service):
        article = service.find(number)
        service.save(article, Written("Après", f"![secret](attachment:{encode(beside)})"))

    place.do(draft)
    form = place.form("paul", f"/report/articles.article/{encode(number)}", "reason")
    form["reason"] = "hurtful"
    form.submit("report", status=303)
    moira = place.browser("moira")
    case = moira.get(moira.get("/moderate").html.select_one("main .rows .row-title")["href"])
    (shown,) = case.html.select("main .attached a")
    assert shown["href"].endswith(f"/files/{encode(out)}")
    assert moira.get(shown["href"]).content_type == "image/webp"
    moira.get(shown["href"].replace(encode(out), encode(beside)), status=404)
