"""What a member's archive holds, for tests: written as the job writes it, read from memory."""

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from communicate.interfaces import IMembers
from communicate.mydata.exporting import export

if TYPE_CHECKING:
    from communicate.testing.house import House


class Opened:
    """An archive, opened."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zip = ZipFile(BytesIO(data))
        self.manifest: dict[str, Any] = json.loads(self.zip.read("manifest.json"))

    @property
    def names(self) -> list[str]:
        """The names of all files in it, in order."""
        return sorted(self.zip.namelist())

    @property
    def text(self) -> str:
        """All that it says, in one text."""
        return "\n".join(self.zip.read(name).decode("utf-8", "replace") for name in self.names)

    @property
    def failed(self) -> dict[str, str]:
        """Why each part failed that did."""
        parts = self.manifest["parts"]
        return {part["name"]: part["failure"] for part in parts if part["state"] == "failed"}

    def read(self, name: str) -> bytes:
        """Return what the file *name* holds."""
        return self.zip.read(name)

    def records(self, plugin: str, kind: str) -> list[dict[str, Any]]:
        """Return the records of *kind*, whether the member owns them or not."""
        for document in self.manifest["documents"]:
            if (document["plugin"], document["kind"]) == (plugin, kind):
                items: list[dict[str, Any]] = json.loads(self.read(document["path"]))["items"]
                return items
        raise AssertionError(f"no document {kind!r} of {plugin!r}")

    @property
    def restored(self) -> dict[str, Any]:
        """The records of every document that an import restores, by path."""
        return {
            document["path"]: json.loads(self.read(document["path"]))["items"]
            for document in self.manifest["documents"]
            if document["restored"]
        }


def exported(house: "House", login: str) -> Opened:
    """Return the archive of the member *login* of *house*."""
    uid = house.work(lambda request: request.find_service(IMembers).by_login(login).uid)
    out = BytesIO()
    export(house.registry, uid, out)
    return Opened(out.getvalue())
