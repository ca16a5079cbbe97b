"""An e-invoice is parsed without following anything it points to (technology §3, S5)."""

import codecs
from pathlib import Path

import pytest

from pipeline.extract.einvoice import find_format
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.xml_terms import XML_BYTES, parse
from tests.extract.einvoices import ubl_invoice


def refused(data: bytes) -> str:
    """The code with which the XML is refused."""
    with pytest.raises(UnreadableDocument) as refusal:
        parse(data)
    return refusal.value.code


def test_an_external_entity_is_refused_and_its_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for vendors")
    doctype = f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'

    assert refused(ubl_invoice(prolog=doctype).replace(b"ZN-2026-0117", b"&x;")) == "INC_UNREADABLE"


def test_a_billion_laughs_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE Invoice [<!ENTITY l0 "ha">{laughs}]>'

    assert refused(ubl_invoice(prolog=doctype).replace(b"ZN-2026-0117", b"&l9;")) == "INC_UNREADABLE"


def test_an_external_document_type_is_refused() -> None:
    doctype = '<!DOCTYPE Invoice SYSTEM "http://example.invalid/invoice.dtd">'

    assert refused(ubl_invoice(prolog=doctype)) == "INC_UNREADABLE"


def test_a_document_type_is_refused_in_every_encoding() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'

    assert refused(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == "INC_UNREADABLE"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a><b></a>",
        b"<a>",
        b"no xml at all",
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a+AD4-',
        b'<?xml version="1.0" encoding="no-such-encoding"?><a/>',
        b"<a>&unknown;</a>",
        b"<a>" * 100_000 + b"</a>" * 100_000,
    ],
    ids=["empty", "crossed", "cut off", "text", "UTF-7", "unknown encoding", "unknown entity", "deep"],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    assert refused(data) == "INC_UNREADABLE"


def test_more_than_ten_megabytes_are_refused() -> None:
    assert refused(b"<a>" + b" " * XML_BYTES + b"</a>") == "INC_UNREADABLE"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_an_invoice_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    declared = "UTF-8" if encoding == "utf-8-sig" else encoding
    text = ubl_invoice(prolog=f'<?xml version="1.0" encoding="{declared}"?>').decode()
    root = parse(text.replace("Zeildoek", "Segeltuch ä").encode(encoding))

    found = find_format(root)

    assert found is not None
    assert found.read(root).lines[0].fields["description"].value == "Segeltuch ä 300 g"


def test_comments_inside_a_value_do_not_cut_it() -> None:
    root = parse(ubl_invoice().replace(b"ZN-2026-0117", b"ZN-2026<!-- x -->-0117"))

    found = find_format(root)

    assert found is not None
    assert found.read(root).value("invoice_number") == "ZN-2026-0117"
