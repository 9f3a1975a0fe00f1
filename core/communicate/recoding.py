"""A program: read a picture on standard input, write two new ones; see `communicate.pictures`.

It runs apart, with nothing but Pillow, in limits of its own: memory, time, no file it could write.
"""

import io
import resource
import struct
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000  # of a JPEG, which is read at a fraction of its size
MOST_WHOLE = 25_000_000  # of the others, which are read whole
LONGEST_SIDE = 30_000
MEMORY = 1_500 * 2**20  # bytes of address space
SECONDS = 10  # of the processor
TOO_LARGE, UNREADABLE = 3, 4  # ends of this program
QUALITY = 84


class TooLarge(Exception):
    """There are more pixels than anybody needs."""


def limit() -> None:
    """Take no more memory and time than a picture needs, and write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check(image: Any) -> None:
    """Raise TooLarge by what the header says, before any pixel is read."""
    most = MOST_PIXELS if image.format == "JPEG" else MOST_WHOLE
    if image.width * image.height > most or max(image.size) > LONGEST_SIDE:
        raise TooLarge


def opened(source: BinaryIO, side: int) -> Any:
    """Return the first frame of the picture in *source*, upright, in sRGB."""
    image: Any = Image.open(source, formats=FORMATS)
    check(image)
    if image.format == "JPEG":
        image.draft(None, (2 * side, 2 * side))
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile:
        image = in_srgb(image, profile)
    transparent = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def in_srgb(image: Any, profile: bytes) -> Any:
    """Return *image* with the colours of sRGB; as it is where its *profile* is no use."""
    try:
        wanted = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, io.BytesIO(profile), wanted) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def encoded(image: Any) -> bytes:
    """Return *image* as WebP, its pixels only."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def recode(source: BinaryIO, side: int, small: int) -> tuple[bytes, bytes]:
    """Return the picture in *source* with sides of at most *side*, and a square of its middle."""
    image = opened(source, side)
    square = ImageOps.fit(image, (small, small), Image.Resampling.LANCZOS)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return encoded(image), encoded(square)


def main(side: int, small: int) -> int:
    """Read, make anew, write: the length of the first picture (4 bytes), and both; 0 if done."""
    limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore")
    try:
        whole, square = recode(sys.stdin.buffer, side, small)
    except (TooLarge, Image.DecompressionBombError, MemoryError):
        return TOO_LARGE
    except Exception:  # whatever a decoder makes of it, it is no picture for us
        return UNREADABLE
    sys.stdout.buffer.write(struct.pack(">I", len(whole)) + whole + square)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
