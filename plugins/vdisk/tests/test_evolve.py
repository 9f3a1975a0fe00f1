"""A site on which the disk was tried before it was ready."""

from BTrees.Length import Length

from communicate.storage import evolve


def test_is_brought_to_what_disks_are_now(make_place):
    place = make_place()
    place.file("a.txt", b"12345")
    place.file("a.txt", b"123")

    def age(request, service):
        service.disk(place.uids["ines"]).used = Length(8)
        request.root_map["storage"].forget(place.uids["ines"])
        del request.site["disk"].links
        request.root_map["evolve"]["vdisk"] = ()

    place.do(age)
    steps = evolve.run(place.house.registry, evolve.chains({"vdisk": "communicate_vdisk"}))
    assert [str(step) for step in steps] == ["vdisk.storage", "vdisk.links"]
    assert place.used() == 8
    assert not place.do(lambda _r, service: hasattr(service.disk(place.uids["ines"]), "used"))
    assert place.status("ines", "/members/ines/disk/links") == 200
