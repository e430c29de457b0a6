"""Pictures made for tests, with what an upload may carry."""

import os
import struct
import zlib
from io import BytesIO

from PIL import Image

ORIENTATION, GPS = 0x0112, 0x8825


def a_picture(
    kind: str = "JPEG", size: tuple[int, int] = (400, 300), *, orientation: int = 1, mode: str = "RGB"
) -> bytes:
    """Red on the left, blue on the right; a JPEG has a place and an orientation in its EXIF."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    written = BytesIO()
    image.save(written, kind, **({"exif": exif.tobytes()} if kind == "JPEG" else {}))
    return written.getvalue()


def noise(side: int) -> bytes:
    """A square PNG that doesn't compress: three bytes a pixel and a little more."""
    written = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(written, "PNG")
    return written.getvalue()


def a_bomb(width: int = 15_000, height: int = 15_000) -> bytes:
    """A PNG of some bytes whose header announces very many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
