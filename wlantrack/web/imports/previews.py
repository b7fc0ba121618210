"""Files that are seen before they are read: kept from the preview until somebody applies it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from wtforms import HiddenField
from wtforms.validators import Length, Regexp

from wlantrack.errors import InvalidInput, NotFound, msg
from wlantrack.web.context import installation
from wlantrack.web.forms import PageForm
from wlantrack.web.imports.routes import UPLOAD_HOURS

if TYPE_CHECKING:
    from wlantrack.errors import Problem


class PreviewForm(PageForm):
    """The reading of a file that was previewed; what was said of it stands in further fields."""

    upload = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}\Z")])
    name = HiddenField(validators=[Length(max=200)])

    def load(self) -> bytes:
        """Give the file that was previewed.

        Raises
        ------
        NotFound
            The preview is too old, or was never made.
        """
        try:
            return installation().uploads.read(self.upload.data)
        except FileNotFoundError as error:
            raise NotFound(msg("This preview is too old. Choose the file again.")) from error

    def finish(self, errors: tuple[Problem, ...]) -> None:
        """Forget the file once it is read.

        Raises
        ------
        InvalidInput
            It could be read when it was previewed, and cannot any more.
        """
        if errors:
            raise InvalidInput(*errors)
        installation().uploads.remove(self.upload.data)


def keep_upload(data: bytes) -> str:
    """Keep a file that is previewed; gives the name by which it is found again."""
    uploads = installation().uploads
    uploads.remove_older_than(UPLOAD_HOURS, time.time())
    return uploads.write(data).name
