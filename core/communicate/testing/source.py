"""Let a plugin's own tests run from its folder before it is installed."""

import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from communicate.plugins import GROUP, installed


def announce(folder: Path) -> Path | None:
    """Make the plugin whose ``pyproject.toml`` lies in *folder* known, as installing it would.

    Return the folder that was put on the path; None where there is nothing to announce.
    """
    project = read_project(folder / "pyproject.toml")
    points: dict[str, str] = project.get("entry-points", {}).get(GROUP, {})
    if not points or set(points) <= set(installed()):
        return None
    place = Path(tempfile.mkdtemp(prefix="communicate-"))
    info = place / f"{project['name'].replace('-', '_')}-0.dist-info"
    info.mkdir()
    about = {
        "Metadata-Version": "2.1",
        "Name": project["name"],
        "Version": project.get("version", "0"),
    }
    (info / "METADATA").write_text("".join(f"{name}: {value}\n" for name, value in about.items()))
    lines = [f"{name} = {value}" for name, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))
    sys.path.insert(0, str(place))
    return place


def read_project(path: Path) -> dict[str, Any]:
    """Return the table ``project`` of the file *path*, empty where there is none."""
    if not path.is_file():
        return {}
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    return table
