"""Large pages travel compressed to whoever accepts it.

Only pages that ask for it: compressing everything would compress secrets beside echoed input.
The name in the gzip header is random in length, so that sizes tell nothing about contents.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Response, request

_LEVEL = 5
_LEAST_BYTES = 2_000
_NOISE_BYTES = 48


def compressed(html: str) -> Response:
    """Give a page as a response, gzipped where the browser accepts that."""
    data = html.encode()
    response = Response(mimetype="text/html")
    response.vary.add("Accept-Encoding")
    if len(data) < _LEAST_BYTES or not request.accept_encodings["gzip"]:
        response.set_data(data)
        return response
    packed = io.BytesIO()
    noise = "x" * (1 + secrets.randbelow(_NOISE_BYTES))
    with gzip.GzipFile(noise, "wb", _LEVEL, packed, mtime=0) as file:
        file.write(data)
    response.set_data(packed.getvalue())
    response.content_encoding = "gzip"
    return response
