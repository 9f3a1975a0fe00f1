"""What the parts of the disk's benchmark share: a site, a large file, memory, nginx."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import getuid, urandom
from pathlib import Path
from typing import Any

import harness

from communicate.testing.house import House
from communicate.testing.programs import found
from communicate.testing.server import free_port, listening

MEGABYTE = 1024 * 1024
TURNS = 5  # of each side, A B A B: each sends the whole file
LOGIN = "ines"
SETTINGS: dict[str, Any] = {
    "threads": 4,
    "quota": 0,
    "vdisk.upload": 2048 * MEGABYTE,
    "vdisk.uploads": "1000000/hour",
}
GROWN: dict[str, float] = {}
"""By figure, by how many MB the memory of our server rose above what it had before, at most."""

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    access_log off;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
BEFORE = """
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_request_buffering off;
            proxy_buffering on;
            proxy_max_temp_file_size 0;
        }}
    }}
"""
STATIC = """
    server {{
        listen 127.0.0.1:{port};
        sendfile on;
        tcp_nopush on;
        root {root};
    }}
"""


def house(folder: Path) -> House:
    """Return a new site in *folder* with a disk, whose member LOGIN may fill it."""
    made = House(folder, ["vdisk"], SETTINGS)
    made.member(LOGIN)
    return made


def served(folder: Path, **settings: Any) -> harness.Served:
    """Return the server of the site in *folder*, which `house` made and closed."""
    return harness.Served(folder, "vdisk", **SETTINGS, **settings)


def random_file(path: Path, megabytes: int) -> Path:
    """Write *megabytes* that nothing can compress to *path*; return it."""
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(urandom(MEGABYTE))
    return path


@contextmanager
def memory(name: str, process: Any) -> Iterator[None]:
    """Note for the figure *name* by how much the memory of *process* rises in the block."""
    proc = Path(f"/proc/{process.pid}")
    before = kilobytes(proc, "VmRSS")
    (proc / "clear_refs").write_text("5")  # the highest so far is what it is now
    yield
    GROWN[name] = (kilobytes(proc, "VmHWM") - before) / 1024
    print(f"{name}: {GROWN[name]:.0f} MB more memory", file=sys.stderr)


def kilobytes(proc: Path, name: str) -> int:
    """Return what the kernel says of *name* in the status of a process."""
    lines = (proc / "status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def nginx(folder: Path, *behind: int, root: Path | None = None) -> Iterator[list[int]]:
    """Run nginx in *folder* before the ports *behind*; yield its own, in the same order.

    Where a *root* is given, the files in it have one more, the last.
    """
    program = found("nginx", "/usr/sbin/nginx")
    if program is None:
        raise RuntimeError("no nginx was found: install it")
    folder.mkdir()
    ports = [free_port() for _ in behind]
    pairs = zip(ports, behind, strict=True)
    servers = "".join(BEFORE.format(port=port, behind=web) for port, web in pairs)
    if root is not None:
        ports.append(free_port())
        servers += STATIC.format(port=ports[-1], root=root)
    text = NGINX.format(folder=folder, servers=servers)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    words = [program, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"]
    process = subprocess.Popen([*words, *(["-g", "user root;"] if getuid() == 0 else [])])  # noqa: S603
    try:
        if not all(listening(port, process) for port in ports):
            raise RuntimeError((folder / "error.log").read_text(encoding="utf-8"))
        yield ports
    finally:
        process.terminate()
        process.wait(30)
