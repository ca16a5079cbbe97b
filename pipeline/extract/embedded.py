"""The e-invoice inside a hybrid PDF (Factur-X, ZUGFeRD, XRechnung): the XML among its embedded files."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import pikepdf

from pipeline.extract.document import ExtractedInvoice, Source
from pipeline.extract.einvoice import find_format
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.xml_terms import XML_BYTES, parse
from pipeline.media_type import XML, sniff

EMBEDDED_FILES = 50
"""Embedded files looked at; an invoice has a handful."""

_USUAL_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"})


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """One file inside a PDF: its name there, and its bytes."""

    name: str
    data: bytes

    @property
    def has_usual_name(self) -> bool:
        """Is this the name the standards give the e-invoice?"""
        return self.name.lower() in _USUAL_NAMES


def find_einvoice(data: bytes) -> ExtractedInvoice | None:
    """The first embedded file that a format recognises, those with a usual name first; else None.

    An e-invoice by its name that cannot be read gives a warning INC_READ_FAILED on an invoice without
    fields, so that the pages are read instead and the clerk still learns of it.
    """
    candidates = sorted(embedded_files(data), key=lambda file: not file.has_usual_name)
    failed: ExtractedInvoice | None = None
    for file in candidates:
        if sniff(file.data) != XML:
            continue
        try:
            root = parse(file.data)
        except UnreadableDocument as refusal:
            if file.has_usual_name:
                failed = ExtractedInvoice(
                    Source.HYBRID_PDF, warnings=(("INC_READ_FAILED", f"{file.name}: {refusal.message}"),)
                )
            continue
        found = find_format(root)
        if found is not None:
            return replace(found.read(root), source=Source.HYBRID_PDF)
    return failed


def embedded_files(data: bytes) -> Iterator[EmbeddedFile]:
    """The embedded files of a PDF, each at most 10 MB; larger ones and broken ones are left out."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for name, stream in islice(_streams(pdf), EMBEDDED_FILES):
                content = _content(stream)
                if content is not None:
                    yield EmbeddedFile(name, content)
    except pikepdf.PdfError:
        return  # what the pages give is all there is


def _streams(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Stream]]:
    """Name and stream of each file in the name tree, then of those associated with the document alone."""
    for spec in (*_name_tree(pdf), *_associated(pdf)):
        if not isinstance(spec, pikepdf.Dictionary):
            continue
        held = spec.get("/EF")
        stream = held.get("/UF", held.get("/F")) if isinstance(held, pikepdf.Dictionary) else None
        if isinstance(stream, pikepdf.Stream):
            name = spec.get("/UF", spec.get("/F", pikepdf.String("")))
            yield str(name), stream


def _name_tree(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    if not isinstance(tree, pikepdf.Dictionary):
        return []
    try:
        return list(islice(pikepdf.NameTree(tree).values(), EMBEDDED_FILES))
    except (ValueError, KeyError, RuntimeError):  # a tree with a loop or without its parts
        return []


def _associated(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    associated = pdf.Root.get("/AF")
    return list(islice(associated, EMBEDDED_FILES)) if isinstance(associated, pikepdf.Array) else []


def _content(stream: pikepdf.Stream) -> bytes | None:
    """The bytes of the stream, unpacked step by step so that a small file cannot become a large one."""
    raw = stream.read_raw_bytes()
    if len(raw) > XML_BYTES:
        return None
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        filters = filters[0] if len(filters) == 1 else filters
    if filters is None:
        return raw
    if filters != pikepdf.Name("/FlateDecode") or "/DecodeParms" in stream:
        return None  # no writer of e-invoices uses another filter
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(raw, XML_BYTES + 1)
    except zlib.error:
        return None
    return content if len(content) <= XML_BYTES else None
