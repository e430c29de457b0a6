"""Turn an uploaded picture into a small square one. Nothing of the file survives but its pixels: no EXIF, no GPS."""

import threading
from io import BytesIO
from typing import Final

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MAX_PIXELS: Final = 40_000_000
SIDE_PIXELS: Final = 256
QUALITY: Final = 82
_one_at_a_time: Final = threading.Lock()
"""40 megapixels are 120 MB while they are decoded."""


class NotAPicture(Exception):
    """It is in none of FORMATS, is broken, or has more than MAX_PIXELS."""


def square(content: bytes) -> bytes:
    """The middle of the picture, upright, SIDE_PIXELS square, as WebP. Blocks: call it in a thread."""
    with _one_at_a_time:
        try:
            return _encoded(content)
        except Exception as error:  # a decoder may raise anything for bytes that are broken on purpose
            raise NotAPicture from error


def _encoded(content: bytes) -> bytes:
    from PIL import Image, ImageOps  # imported late: a server that gets no picture doesn't pay for it

    with Image.open(BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:  # known from the header, before anything is decoded
            raise NotAPicture
        image.draft("RGB", (2 * SIDE_PIXELS, 2 * SIDE_PIXELS))  # a large JPEG is decoded small
        upright = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
    written = BytesIO()
    fitted = ImageOps.fit(upright, (SIDE_PIXELS, SIDE_PIXELS))
    fitted.save(written, "WEBP", quality=QUALITY, exif=b"", icc_profile=b"", xmp=b"")
    return written.getvalue()
