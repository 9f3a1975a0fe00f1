"""Pictures for the people of a demo: a sky, hills and a sun in two colours that go together."""

from colorsys import hls_to_rgb
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from communicate.pictures import SMALL, Picture

SIDE = 256
HILLS = 3
Colour = tuple[int, int, int]


def paint(random: Random) -> Picture:
    """Return a picture, large and small."""
    hue = random.random()
    image = Image.new("RGB", (SIDE, SIDE), colour(hue, 0.85))
    draw = ImageDraw.Draw(image)
    across, up = random.randint(SIDE // 5, SIDE * 4 // 5), random.randint(SIDE // 6, SIDE // 2)
    size = random.randint(SIDE // 12, SIDE // 6)
    draw.ellipse((across - size, up - size, across + size, up + size), colour(hue + 0.45, 0.7))
    for number in range(HILLS):
        top = SIDE * (0.45 + 0.16 * number)
        middle, width = random.randint(0, SIDE), random.randint(SIDE // 2, SIDE)
        box = (middle - width, top, middle + width, top + SIDE * 1.5)
        draw.ellipse(box, colour(hue + 0.06 * number, 0.6 - 0.15 * number))
    return Picture(encoded(image), encoded(image.resize((SMALL, SMALL))))


def colour(hue: float, lightness: float) -> Colour:
    """Return a quiet colour."""
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue % 1, lightness, 0.45))
    return red, green, blue


def encoded(image: Image.Image) -> bytes:
    """Return *image* as WebP."""
    stream = BytesIO()
    image.save(stream, "WEBP", quality=80, method=0)
    return stream.getvalue()
