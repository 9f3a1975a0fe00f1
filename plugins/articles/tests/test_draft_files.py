"""Files of a draft beside words that are out: they come and go with the draft, never before."""

from webtest import Upload

from communicate.audience import MEMBERS
from communicate.ids import encode
from communicate.interfaces import IAuthored
from communicate.mydata.importing import bring_back
from communicate.testing.archives import exported
from communicate.writing.interfaces import IAttachments
from communicate_articles.versions import restore

from .test_pictures import attach, base, picture


def edit(place, number, text, button="save", *, off=(), sent=()):
    """Change an article in its form, with the files *off* ticked off and others *sent*."""
    form = place.form("ines", f"{base(place, number)}/edit", "text")
    form["text"] = text
    for box in form.fields.get("attached.remove", ()):
        if box._value in map(encode, off):
            box.checked = True
    if sent:
        form["attached.files"] = [Upload(name, picture(), "image/png") for name in sent]
    form.submit(button, status=303)


def with_picture(place, **more):
    """Return the ids of an article that is out, and of the picture in it."""
    number = place.article(MEMBERS, text="Dehors.", **more)
    file = attach(place, number, by=more.get("by", "ines"))
    place.change(number, f"![le pont](attachment:{encode(file)})")
    return number, file


def names(place, number):
    """Return the names of what is attached to an article."""

    def look(request, service):
        attachments = request.find_service(IAttachments)
        return {attachments.name(each) for each in service.find(number).attached()}

    return place.do(look)


def test_readers_keep_a_picture_that_a_draft_takes_off_until_it_comes_out(place):
    number, file = with_picture(place)
    address = f"{base(place, number)}/{encode(file)}"
    edit(place, number, "Sans image.", off=[file])
    page = place.browser("paul").get(place.path(number))
    assert page.html.select_one(".long img")["src"] == address
    assert place.status("paul", address) == 200
    draft = place.browser("ines").get(f"{base(place, number)}/draft")
    assert "Sans image." in draft.text
    assert encode(file) not in draft.html.select_one("main").decode()

    edit(place, number, "Sans image, enfin.", "out")  # it is still ticked off
    assert place.status("paul", address) == place.status("ines", address) == 404
    assert names(place, number) == set()


def test_what_is_ticked_off_can_be_kept_after_all(place):
    number, file = with_picture(place)
    edit(place, number, "Sans image.", off=[file])
    form = place.form("ines", f"{base(place, number)}/edit", "text")
    (box,) = form.fields["attached.remove"]
    assert box.checked
    box.checked = False
    form.submit("out", status=303)
    assert place.status("paul", f"{base(place, number)}/{encode(file)}") == 200


def test_what_was_attached_to_a_draft_goes_when_that_is_discarded(place):
    number, file = with_picture(place)
    edit(place, number, "Autrement.", off=[file], sent=["secret.png"])
    assert names(place, number) == {"pont.webp", "secret.webp"}
    place.click("ines", f"{base(place, number)}/discard")
    assert names(place, number) == {"pont.webp"}
    edit(place, number, "Une faute corrigée.", "out")
    page = place.browser("paul").get(place.path(number))
    assert "secret" not in page.text
    assert place.status("paul", f"{base(place, number)}/{encode(file)}") == 200


def test_and_when_a_former_version_takes_its_place(place):
    number, file = with_picture(place)
    place.change(number, f"Mieux. ![le pont](attachment:{encode(file)})")
    edit(place, number, "Autrement.", off=[file], sent=["secret.png"])

    def bring(request, service):
        article = service.find(number)
        assert restore(request, article, next(iter(article.versions.values())))

    place.do(bring)
    edit(place, number, f"![le pont](attachment:{encode(file)})", "out")
    assert names(place, number) == {"pont.webp"}


def test_an_archive_knows_what_a_draft_takes_off(place, fresh, tmp_path):
    one, other = fresh(), fresh()
    number, file = with_picture(place, by=one)

    def tick(_request, service):
        article = service.find(number)
        service.save(article, service.written(article))
        article.draft.without = (file,)

    place.do(tick)
    path = tmp_path / "one.zip"
    path.write_bytes(exported(place.house, one).data)
    bring_back(place.house.registry, path, login=other)

    def look(request, service):
        listed = request.find_service(IAuthored)
        article = service.find(listed.items(place.uids[other], "articles.article")[0])
        return article.files, article.draft.without

    files, without = place.do(look)
    assert files == without != (file,)
