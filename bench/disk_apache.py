"""Apache with mod_dav, to which uploads are compared."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from os import getuid
from pathlib import Path

from communicate.testing.programs import found
from communicate.testing.server import free_port, listening

MODULES = ("mpm_event", "authz_core", "dav", "dav_fs", "dav_lock")
CONFIG = """
ServerRoot "{folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
DefaultRuntimeDir "{folder}"
Mutex file:{folder}
{modules}
DocumentRoot "{folder}/files"
DavLockDB "{folder}/locks"
LimitRequestBody 0
<Directory "{folder}/files">
    Dav On
    Require all granted
</Directory>
"""


@contextmanager
def apache(folder: Path) -> Iterator[int]:
    """Run Apache, which keeps files in *folder*/files, until the block ends; yield the port."""
    program = found("apache2", "/usr/sbin/apache2")
    if program is None:
        raise RuntimeError("no apache2 was found: install apache2-bin")
    port = free_port()
    (folder / "files").mkdir(parents=True)
    modules = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES
    )
    if getuid() == 0:  # it changes to another account, to whom everything here has to be open
        (folder / "files").chmod(0o777)
        folder.chmod(0o777)
    text = CONFIG.format(folder=folder, port=port, modules=modules)
    (folder / "apache.conf").write_text(text, encoding="utf-8")
    words = [program, "-f", str(folder / "apache.conf"), "-DFOREGROUND"]
    process = subprocess.Popen(words)  # noqa: S603
    try:
        if not listening(port, process):
            raise RuntimeError((folder / "error.log").read_text(encoding="utf-8"))
        yield port
    finally:
        process.terminate()
        process.wait(30)
