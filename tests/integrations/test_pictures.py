"""An uploaded picture becomes a small square without anything of the file but its pixels."""

from io import BytesIO

import pytest
from PIL import Image

from inbox_app.integrations.pictures import NotAPicture, square
from tests.pictures import a_bomb, a_picture


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(400, 300), (90, 200), (1, 1), (4_000, 3_000)])
def test_each_kind_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    made = square(a_picture(kind, size))
    image = opened(made)
    assert (image.format, image.size, len(made) < 30_000) == ("WEBP", (256, 256), True)


def test_the_place_and_the_rest_of_the_metadata_are_gone() -> None:
    original = a_picture("JPEG")
    assert opened(original).getexif()
    assert not opened(square(original)).getexif()


def test_a_picture_is_turned_upright() -> None:
    red, green, blue = opened(square(a_picture(orientation=3))).convert("RGB").getpixel((10, 128))
    assert (red < 60, green < 60, blue > 200) == (True, True, True)


def test_transparency_stays() -> None:
    clear = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(square(clear.getvalue())).convert("RGBA").getpixel((9, 9))[3] == 0


def a_gif() -> bytes:
    written = BytesIO()
    Image.new("RGB", (10, 10)).save(written, "GIF")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x", b"<svg xmlns='http://www.w3.org/2000/svg'/>", a_gif(), a_picture()[:500], a_picture("PNG")[:100],
        a_bomb(), a_bomb(7_000, 7_000), a_bomb(1_000_000, 1_000_000), a_bomb(100, 100), a_bomb(0, 0),
    ],
    ids=[
        "empty", "a letter", "svg", "gif", "half a jpeg", "half a png", "bomb", "49 megapixels", "huge", "too few rows",
        "no pixels",
    ],
)  # fmt: skip
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        square(content)
