"""kill -9 while a large folder is copied: nothing of it is seen before all of it is there."""

import os
import re
import time
from io import BytesIO

import pytest

from communicate.interfaces import IMembers, IQuota
from communicate.testing.client import fields_of
from communicate.testing.house import House
from communicate_vdisk.interfaces import IDisk

pytestmark = pytest.mark.slow

COUNT, LARGE = 700, 20_000_000
HOME = "/members/ines/disk"
PATIENCE = 300  # seconds


def fill(folder, password):
    """Keep a folder of many files, one of them large; return its id and its bytes."""
    before = os.umask(0o077)
    house = House(folder, ["vdisk"], {"language": "en"})
    uid = house.member("ines", password=password)

    def kept(request):
        service = request.find_service(IDisk)
        made = service.make_folder(service.disk(uid), "Photos", uid)
        for number in range(COUNT):
            service.add_file(made, f"{number}.bin", BytesIO(b"%d" % number * 50), uid)
        service.add_file(made, "film.bin", BytesIO(os.urandom(LARGE)), uid)
        return str(made.__name__), request.find_service(IQuota).used(uid)

    try:
        return house.work(kept)
    finally:
        house.close()
        os.umask(before)


def state(client):
    """Return how many things are copied, as the page of copies shows; None once all of it is."""
    client.close()  # the server that it spoke to may be gone
    page = client.get("/disk/copies")
    if "All of it is there" in page:
        return None
    assert "<progress" in page, page
    shown = re.search(r'<progress[^>]* value="(\d+)"', page)
    return int(shown.group(1)) if shown else 0


def wait(client, reached):
    """Look until *reached* says so of the state."""
    until = time.monotonic() + PATIENCE
    while not reached(state(client)):
        assert time.monotonic() < until
        time.sleep(0.02)


def names(client):
    client.close()
    return re.findall(r'class="row-title"[^>]*href="[^"]+">([^<]+)<', client.get(HOME))


def test_it_goes_on_and_is_whole(server, password):
    item, size = fill(server.folder, password)
    server.configure("vdisk", language="en")
    server.start()
    client = server.client("ines", password)
    token = fields_of(client.get(HOME), "csrf_token")["csrf_token"]
    asked = {"csrf_token": token, "act": "copy", "item": item, "to": "disk"}
    assert client.post(f"{HOME}/place", asked).status == 303
    for enough in (0, 1, COUNT // 2):  # where it was too quick to be met, it is whole already
        wait(client, lambda done, enough=enough: done is None or done >= enough)
        server.kill()
        server.start()
        assert names(client) in (["Photos"], ["Photos", "Photos (2)"])
        assert server.run("doctor")  # raises where the quota's counter differs
    wait(client, lambda done: done is None)
    assert names(client) == ["Photos", "Photos (2)"]
    server.stop()
    house = House(server.folder, ["vdisk"], {})
    try:
        first, second = house.work(lambda request: (below(request, 0), below(request, 1)))
        assert first == second
        assert len(first) == COUNT + 1
        assert house.work(used) == 2 * size
    finally:
        house.close()


def below(request, which):
    """Return the bytes of each file in one of the folders, by name."""
    service = request.find_service(IDisk)
    disk = service.disk(request.find_service(IMembers).by_login("ines").uid)
    folder = service.child(disk, ("Photos", "Photos (2)")[which])
    nodes = [disk.node(number) for number in folder.names.values()]
    return {service.name(node): b"".join(service.seals.open_range(node.blob)) for node in nodes}


def used(request):
    uid = request.find_service(IMembers).by_login("ines").uid
    return request.find_service(IQuota).used(uid)
