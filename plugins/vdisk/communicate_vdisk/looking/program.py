"""A program: read a file on standard input, write what can be shown of it; see `running`.

It runs apart, in limits of its own: memory, time, no file it could write.  Whatever a file does to
the library that reads it, the site goes on.  What is written: one line of JSON, which names each
part with its length and sides in pixels, then the parts.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

from PIL import Image

from communicate import recoding
from communicate_vdisk.looking import documents

MEMORY = 1_500 * 2**20  # bytes of address space
SECONDS = 15  # of the processor
FORMATS = (*recoding.FORMATS, "AVIF")
SMALL, LARGE = 320, 1600  # pixels: the longer side of a small picture, and of one that is shown
PAGE = (1000, 1400)  # pixels: the most that a page of a PDF has
PAGES = 3  # of a PDF that are shown
READ = 50  # pages of a PDF whose words are found
TOO_LARGE, UNREADABLE = 3, 4  # ends of this program


class Part(NamedTuple):
    """Something that can be shown: ``small``, ``page`` or ``words``."""

    name: str
    data: bytes
    width: int = 0
    height: int = 0


def limit() -> None:
    """Take no more memory and time than a file needs, and write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pictures(image: Any, *, large: bool) -> Iterator[Part]:
    """Yield *image* as a page, if *large*, and small."""
    if large:
        image.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
        yield Part("page", recoding.encoded(image), *image.size)
    image.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    yield Part("small", recoding.encoded(image), *image.size)


def of_picture(data: bytes) -> Iterator[Part]:
    """Yield what is made of a picture."""
    recoding.FORMATS = FORMATS  # type: ignore[assignment]
    yield from pictures(recoding.opened(io.BytesIO(data), LARGE), large=True)


def of_pdf(data: bytes) -> Iterator[Part]:
    """Yield the first pages of a PDF, one of them small, and its words."""
    import pypdfium2  # needed for nothing else

    document = pypdfium2.PdfDocument(data)
    words: list[str] = []
    for number in range(min(len(document), READ)):
        page = document[number]
        if number < PAGES:
            image = drawn(page)
            yield Part("page", recoding.encoded(image), *image.size)
            if number == 0:
                yield from pictures(image, large=False)
        words.append(page.get_textpage().get_text_bounded())
        if sum(map(len, words)) > documents.LONGEST:
            break
    yield Part("words", documents.told("\n".join(words)))


def drawn(page: Any) -> Any:
    """Return *page* as a picture, of few pixels however large it says that it is."""
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("a page has no size")
    scale = min(PAGE[0] / width, PAGE[1] / height)
    if min(width, height) * scale < 1:
        raise ValueError("a page is a line")
    return page.render(scale=scale).to_pil().convert("RGB")


def of_words(kind: str, data: bytes) -> Iterator[Part]:
    """Yield the words of a document."""
    yield Part("words", documents.words(kind, data))


def made(kind: str, data: bytes) -> Iterator[Part]:
    """Yield what can be shown of *data*, a file of that *kind*."""
    if kind == "picture":
        return of_picture(data)
    return of_pdf(data) if kind == "pdf" else of_words(kind, data)


def main(kind: str) -> int:
    """Read, make, write; return 0 if done."""
    limit()
    Image.MAX_IMAGE_PIXELS = recoding.MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        parts = list(made(kind, sys.stdin.buffer.read()))
    except (
        *(recoding.TooLarge, documents.TooLarge, MemoryError),
        *(Image.DecompressionBombError, Image.DecompressionBombWarning),
    ):
        return TOO_LARGE
    except Exception:  # whatever a library makes of it, there is nothing to show
        return UNREADABLE
    head = [(part.name, len(part.data), part.width, part.height) for part in parts]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part.data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
