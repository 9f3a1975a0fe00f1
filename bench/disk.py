"""The disk: transfers against plain servers, and folders as they grow.

``--only NAME`` measures one figure; ``--megabytes`` and ``--entries`` make smaller ones.
"""

import harness

PARTS = {
    "upload_vs_apache": "disk_uploads",
    "dav_put_vs_apache": "disk_dav",
    "download_vs_nginx": "disk_downloads",
    "memory_mb": "disk_memory",  # after those whose memory it tells
    "folder_growth": "disk_folders",
    "audience_growth": "disk_folders",
    "propfind_vs_fs": "disk_dav",
}
SIZES = {
    "megabytes": (512, "of the file that is sent"),
    "entries": (100_000, "of the large folder"),
}

if __name__ == "__main__":
    harness.parts("disk", __doc__, PARTS, SIZES)
