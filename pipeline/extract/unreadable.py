"""A document that cannot be read: why, as a code of ID-33, and in words."""

from __future__ import annotations

from core.errors import DomainError, Problem


class UnreadableDocument(DomainError):
    """The file itself keeps it from being read; nothing the machine tries again will help.

    Codes: INC_PASSWORD, INC_UNREADABLE, INC_TOO_MANY_PAGES, INC_TOO_LARGE, INC_EMPTY_FILE, INC_ARCHIVE.
    `message` is one English sentence for the command line and the logs, without any text of the document;
    a clerk is shown the text of the code, filled with `values`.
    """

    def __init__(self, code: str, message: str, **values: str | int) -> None:
        super().__init__([Problem(code, values)])
        self.message = message

    @property
    def values(self) -> dict[str, object]:
        """What fills the text of the code: the limit, the size or the number of pages."""
        return dict(self.problems[0].values)
