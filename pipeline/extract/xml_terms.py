"""XML of an e-invoice, parsed without following anything it points to, and its elements as invoice terms.

The parser resolves nothing: no DTD, no entity, no file, no network (`spec/technology.md` §3: 10 MB).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from lxml import etree

from pipeline.extract.document import Field, Provenance
from pipeline.extract.unreadable import UnreadableDocument

XML_BYTES = 10 * 1024 * 1024

_DECIMAL = re.compile(r"[+-]?(\d{1,30}(\.\d{0,20})?|\.\d{1,20})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T.{0,40}|Z|[+-]\d{2}:\d{2})?", re.ASCII)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{4}|\d{6})?", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
# Control and formatting characters, such as zero-width spaces, that make two equal texts look different.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


class _RootReached(Exception):
    """The root element starts here, and no document type came before it."""


def parse(data: bytes) -> etree._Element:
    """The root element of the document.

    Raises UnreadableDocument (INC_UNREADABLE) for XML that is too large, is not well-formed, or has a
    document type declaration: an e-invoice never needs one, and every XML attack does.
    """
    if len(data) > XML_BYTES:
        raise UnreadableDocument("INC_UNREADABLE", f"the XML is larger than {XML_BYTES // 2**20} MB")
    _refuse_document_type(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("INC_UNREADABLE", "the XML is not well-formed") from error


def _refuse_document_type(data: bytes) -> None:
    """Read up to the root element with Expat, which reports a document type before it acts on it."""

    def refuse(*_: object) -> None:
        raise UnreadableDocument("INC_UNREADABLE", "the XML has a document type declaration")

    def stop(*_: object) -> None:
        raise _RootReached

    prolog = expat.ParserCreate()
    prolog.StartDoctypeDeclHandler = refuse
    prolog.StartElementHandler = stop
    try:
        prolog.Parse(data, True)
    except _RootReached:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableDocument("INC_UNREADABLE", "the XML is not well-formed") from error


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The namespaces of a format by the prefix its rules use, for finding elements and naming their path."""

    namespaces: Mapping[str, str]

    def find(self, start: etree._Element | None, path: str) -> etree._Element | None:
        """The first element at `path` (`cac:Party/cbc:ID`), or None."""
        return next(self.find_all(start, path), None)

    def find_all(self, start: etree._Element | None, path: str) -> Iterator[etree._Element]:
        """The elements at `path`, in document order; a step may give alternatives: `ram:A|ram:B`."""
        if start is None:
            return
        step, _, rest = path.partition("/")
        tags = [self._tag(name) for name in step.split("|")]
        for child in start.iterchildren(*tags):
            if rest:
                yield from self.find_all(child, rest)
            else:
                yield child

    def path_of(self, element: etree._Element) -> str:
        """The absolute XPath of an element, with a position where it has siblings of its kind."""
        steps: list[str] = []
        at: etree._Element | None = element
        while at is not None:
            parent = at.getparent()
            steps.append(self._named(at) + self._position(at, parent))
            at = parent
        return "/" + "/".join(reversed(steps))

    def _tag(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"{{{self.namespaces[prefix]}}}{local}"

    def _named(self, element: etree._Element) -> str:
        name = etree.QName(element)
        for prefix, namespace in self.namespaces.items():
            if namespace == name.namespace:
                return f"{prefix}:{name.localname}"
        return f"*[local-name()='{name.localname}']"

    @staticmethod
    def _position(element: etree._Element, parent: etree._Element | None) -> str:
        if parent is None:
            return ""
        siblings = list(parent.iterchildren(element.tag))
        return f"[{siblings.index(element) + 1}]" if len(siblings) > 1 else ""


@dataclass(slots=True)
class Terms:
    """The fields of one header, line or VAT rate while they are collected: the first value of a key stays."""

    vocabulary: Vocabulary
    fields: dict[str, Field] = field(default_factory=dict)

    def text(self, key: str, *elements: etree._Element | None) -> None:
        """A name, number or code: white space folded, invisible characters dropped."""
        self._first(key, elements, as_text)

    def amount(self, key: str, *elements: etree._Element | None) -> None:
        """An amount, quantity or rate: a plain decimal with the digits of the document."""
        self._first(key, elements, as_decimal)

    def day(self, key: str, *elements: etree._Element | None) -> None:
        """A date, as an ISO date."""
        self._first(key, elements, as_date)

    def iban(self, key: str, *elements: etree._Element | None) -> None:
        """An account with the form of an IBAN, without spaces and in upper case; others are left out."""
        self._first(key, elements, as_iban)

    def put(self, key: str, value: str | None, element: etree._Element | None) -> None:
        """A value worked out from an element, such as the document type from its code."""
        if value is None or element is None or key in self.fields:
            return
        path = self.vocabulary.path_of(element)
        # The text of an e-invoice is not printed anywhere: page and box stay empty, the path is the evidence.
        self.fields[key] = Field(value, 1.0, Provenance(None, None, element.text, path))

    def _first(
        self, key: str, elements: Sequence[etree._Element | None], reading: Callable[[str], str | None]
    ) -> None:
        for element in elements:
            if element is not None:
                self.put(key, reading(element.text or ""), element)


def as_text(text: str) -> str | None:
    """The words of the text with single spaces, or None when there are none."""
    return " ".join(_INVISIBLE.sub("", text).split()) or None


def as_decimal(text: str) -> str | None:
    """A plain decimal: `1498.`, `+5` and `.5` become `1498`, `5` and `0.5`; anything else is None."""
    bare = text.strip()
    return format(Decimal(bare), "f") if _DECIMAL.fullmatch(bare) else None


def as_date(text: str) -> str | None:
    """An ISO date from `2026-11-24`, with or without a time zone, or from `20261124`; no date is None."""
    bare = text.strip()
    found = _ISO_DATE.fullmatch(bare) or _COMPACT_DATE.fullmatch(bare)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def as_iban(text: str) -> str | None:
    """The IBAN without spaces, or None for an account of another form.

    Its check digits are not judged here: what the vendor states is evidence, and the books decide.
    """
    bare = "".join(_INVISIBLE.sub("", text).split()).upper()
    return bare if _IBAN.fullmatch(bare) else None
