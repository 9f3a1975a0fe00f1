"""What comes out of a picture is what it shows, and nothing that travelled in it."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from communicate import pictures, recoding
from communicate.pictures import BadPicture, recode

SECRET = b"Quimper 48.0, -4.1"
Files = Callable[..., BytesIO]


def opened(data: bytes) -> Any:
    image: Any = Image.open(BytesIO(data))
    image.load()
    return image


def png_of(width: int, height: int) -> BytesIO:
    """Return a PNG that says it is that large, and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return BytesIO(b"\x89PNG\r\n\x1a\n" + parts)


class TestRecode:
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_it_becomes_webp_with_bounded_sides(self, image_file: Files, form: str) -> None:
        made = recode(image_file((900, 300), form))
        whole, small = opened(made.whole), opened(made.small)
        assert (whole.format, whole.size) == ("WEBP", (512, 171))
        assert (small.format, small.size) == ("WEBP", (96, 96))

    def test_a_small_one_is_not_blown_up(self, image_file: Files) -> None:
        assert opened(recode(image_file((60, 40))).whole).size == (60, 40)

    def test_it_stands_upright(self, image_file: Files) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # turned to the right by the camera: red was on top
        image = opened(recode(image_file((80, 40), "JPEG", exif=exif)).whole)
        assert image.size == (40, 80)
        top, bottom = image.getpixel((20, 10)), image.getpixel((20, 70))
        assert top[0] > 200 > top[2]
        assert bottom[2] > 200 > bottom[0]

    def test_nothing_else_comes_out(self, image_file: Files) -> None:
        exif = Image.Exif()
        exif[0x010E] = SECRET.decode()
        sent = image_file((80, 40), "JPEG", exif=exif, comment=SECRET, xmp=SECRET)
        assert SECRET in sent.getvalue()
        made = recode(sent)
        for data in made:
            assert SECRET not in data
            assert not set(opened(data).info) & {"exif", "xmp", "icc_profile", "comment"}

    def test_transparency_stays(self) -> None:
        file = BytesIO()
        Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(file, "PNG")
        assert opened(recode(file).whole).getpixel((10, 10))[3] == 0

    def test_of_one_that_moves_the_first_frame_is_taken(self) -> None:
        file = BytesIO()
        frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
        frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
        made = opened(recode(file).whole)
        assert getattr(made, "n_frames", 1) == 1
        assert made.convert("RGB").getpixel((10, 10))[0] > 200

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"no picture",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%!PS-Adobe-3.0 EPSF-3.0",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        ],
    )
    def test_what_is_none_is_refused(self, data: bytes) -> None:
        with pytest.raises(BadPicture) as refused:
            recode(BytesIO(data))
        assert refused.value.reason == pictures.NOT_ONE

    @pytest.mark.parametrize("form", ["TIFF", "BMP", "ICO", "PPM"])
    def test_other_formats_are_not_even_tried(self, image_file: Files, form: str) -> None:
        with pytest.raises(BadPicture):
            recode(image_file((60, 40), form))

    def test_half_of_one_is_refused(self, image_file: Files) -> None:
        data = image_file((600, 400), "PNG").getvalue()
        with pytest.raises(BadPicture):
            recode(BytesIO(data[: len(data) // 2]))

    @pytest.mark.parametrize("size", [(50_000, 50_000), (40_000, 10), (6_000, 6_000)])
    def test_too_many_pixels_are_refused_before_they_are_read(self, size: tuple[int, int]) -> None:
        with pytest.raises(BadPicture) as refused:
            recode(png_of(*size))
        assert refused.value.reason == pictures.TOO_LARGE

    def test_too_many_bytes_are_refused_unread(self) -> None:
        with pytest.raises(BadPicture) as refused:
            recode(BytesIO(b"\0" * (pictures.MOST_BYTES + 1)))
        assert refused.value.reason == pictures.TOO_LARGE

    def test_one_that_takes_too_long_is_refused(
        self, image_file: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "PATIENCE", 0.001)
        with pytest.raises(BadPicture) as refused:
            recode(image_file())
        assert refused.value.reason == pictures.TOO_LARGE

    def test_where_others_are_being_read_it_does_not_wait_for_long(
        self, image_file: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "QUEUE", 0.01)
        with pictures._turns, pictures._turns, pytest.raises(BadPicture) as refused:
            recode(image_file())
        assert refused.value.reason == pictures.BUSY

    def test_the_turns_are_given_back(self, image_file: Files) -> None:
        for _ in range(5):
            with pytest.raises(BadPicture):
                recode(BytesIO(b"x"))
        assert recode(image_file()).whole


class TestLimits:
    def test_the_program_takes_no_more_memory_than_it_is_given(
        self, image_file: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A copy of the program with little memory says that the picture is too large."""
        import subprocess
        import sys
        from pathlib import Path

        source = Path(recoding.__file__).read_text(encoding="utf-8")
        source = source.replace("MEMORY = 1_500 * 2**20", "MEMORY = 130 * 2**20")
        done = subprocess.run(
            [sys.executable, "-I", "-c", source, "512", "96"],
            input=image_file((4_900, 4_900), "PNG").getvalue(),
            capture_output=True,
            check=False,
        )
        assert done.returncode != 0
        assert done.stdout == b""
