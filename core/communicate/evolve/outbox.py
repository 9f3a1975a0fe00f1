"""Steps of the outbox."""

from typing import Any

from communicate.outbox.content import SHELVES, Shelf
from communicate.storage.evolve import CORE, evolve_step


@evolve_step(CORE, "shelves")
def put_on_shelves(request: Any) -> None:
    """Put the jobs of a site that had one list of all of them onto shelves."""
    outbox = request.root_map["outbox"]
    outbox._p_activate()
    kept = vars(outbox)
    if "shelves" in kept:
        return
    outbox.shelves = tuple(Shelf() for _ in range(SHELVES))
    for number, job in kept["jobs"].items():
        outbox.shelf(number).jobs[number] = job
    for uid, number in kept["owned"]:
        outbox.shelf(number).owned.insert((uid, number))
    for name, queue in kept["queues"].items():
        for due, number in queue:
            outbox.shelf(number).queue(name).insert((due, number))
    for name in ("jobs", "owned", "queues"):
        del kept[name]
    outbox._p_changed = True
