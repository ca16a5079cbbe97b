"""Which structured format an XML document has, and its invoice in our terms."""

from __future__ import annotations

from typing import Protocol, cast

from lxml import etree

from core import open_folder
from pipeline.extract import formats
from pipeline.extract.document import ExtractedInvoice


class Format(Protocol):
    """A member of the open folder `formats/`: one way to write an invoice as XML."""

    name: str

    def recognises(self, root: etree._Element) -> bool:
        """Is this document written in this format? Looks at the root element alone."""
        ...

    def read(self, root: etree._Element) -> ExtractedInvoice:
        """The invoice, with an XPath as the evidence for each value. What is absent stays out."""
        ...


FORMATS = tuple(cast(Format, member) for member in open_folder.members(formats, "FORMAT"))


def find_format(root: etree._Element) -> Format | None:
    """The format of the document, or None when it is some other XML."""
    return next((member for member in FORMATS if member.recognises(root)), None)
