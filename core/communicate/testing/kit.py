"""Checks that every plugin's tests can call: declarations, pickles, switching off and on."""

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from communicate.interfaces import IDatabase, IPlugins

if TYPE_CHECKING:
    from communicate.testing.house import House

SEALED = "communicate.sealing.content"


@dataclass
class Record:
    """What one stored object is made of: its class, what its state holds and refers to."""

    class_: str = ""
    holds: set[str] = field(default_factory=set)
    refers: set[str] = field(default_factory=set)

    @property
    def package(self) -> str:
        """The top-level package of the class."""
        return self.class_.partition(".")[0].partition(":")[0]


def records(house: "House") -> Iterator[Record]:
    """Yield a `Record` of every object in the tree, read without loading any class."""
    storage = house.registry.getUtility(IDatabase).storage
    following = None
    while True:
        _oid, _tid, data, following = storage.record_iternext(following)
        yield read_record(data)
        if following is None:
            return


def read_record(data: bytes) -> Record:
    """Return what the stored object *data* is made of: two pickles, its class and its state."""
    record = Record()
    both = reader(BytesIO(data), record)  # one reader: the state refers to what the class named
    class_ = both.load()
    record.class_ = name_of(class_[0] if isinstance(class_, tuple) else class_)
    record.holds.clear()
    both.load()
    record.holds -= record.refers
    return record


class Name:
    """Stands for a class, and for what calling it would make."""

    def __init__(self, *_arguments: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass


def name_of(thing: Any) -> str:
    """Return ``module:Class`` of the stand-in *thing*."""
    if isinstance(thing, tuple):
        thing = thing[0]
    return f"{thing.__module__}:{thing.__qualname__}"


def reader(stream: BytesIO, record: Record) -> Any:
    """Return an unpickler of *stream* that writes the classes it meets into *record*."""

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            record.holds.add(f"{module}:{name}")
            return type(name, (Name,), {"__module__": module, "__qualname__": name})

        def persistent_load(self, reference: Any) -> Any:
            class_ = reference[1] if isinstance(reference, tuple) else None
            if class_ is not None:
                record.refers.add(name_of(class_))
            return None

    return Reader(stream)


def undeclared_classes(house: "House", plugin: str) -> list[str]:
    """Return the classes of *plugin* that hold sealed words and are in no declaration of its."""
    plugins = house.registry.getUtility(IPlugins)
    stated = plugins.call(plugin, "communicate_personal_data") or ()
    declared = {name for item in stated for name in item.stored}
    package = dict(zip(plugins.enabled, plugins.packages(), strict=True))[plugin]
    found = {
        record.class_
        for record in records(house)
        if record.package == package and any(name.startswith(SEALED) for name in record.holds)
    }
    return sorted(found - declared)


def intruders(house: "House") -> list[str]:
    """Return the plugins' classes and interfaces that lie inside core's own objects.

    A core object that holds one cannot be loaded without the plugin.
    """
    own = ("communicate", "BTrees", "persistent")
    return sorted(
        f"{name} in {record.class_}"
        for record in records(house)
        if record.package in own
        for name in record.holds
        if name.startswith("communicate_")
    )


def check_switching(house: "House", plugin: str, path: str) -> None:
    """Assert that *plugin*, switched off, answers 404 at *path* and, on again, as before."""
    enabled = house.registry.getUtility(IPlugins).enabled
    before = Counter(record.class_ for record in records(house))
    house.reboot([name for name in enabled if name != plugin])
    house.browser().get(path, status=404)
    house.reboot(enabled)
    after = Counter(record.class_ for record in records(house))
    # Core writes down that its page about privacy said something else meanwhile.
    more = {name.partition(".")[0] for name in after - before}
    assert (before - after, more - {"communicate", "BTrees"}) == (Counter(), set())  # noqa: S101
    assert house.browser().get(path, expect_errors=True).status_int != 404  # noqa: S101


def form_with(page: Any, name: str) -> Any:
    """Return the form of the WebTest response *page* that has a field called *name*."""
    for form in page.forms.values():
        if name in form.fields:
            return form
    raise AssertionError(f"no form with a field {name!r} on {page.request.path}")
