"""Files that a person uploads or drops on the page: each becomes a record or a visible refusal."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.ingest.channel import Delivery, Take


class UploadChannel:
    """One upload with its files, in the order in which they were given. Answered after all were taken."""

    name = "upload"

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        self._files = files

    def collect(self, take: Take) -> int:
        """Take every file. One that is refused does not stop the others. Raises OSError: disk full."""
        for name, data in self._files:
            take(Delivery(name=name, data=data, channel=self.name))
        return len(self._files)


CHANNEL = UploadChannel
