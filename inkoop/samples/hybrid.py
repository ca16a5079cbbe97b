"""A hybrid PDF: the drawn page with the same invoice as Factur-X XML inside."""

from __future__ import annotations

import io

import pikepdf

from inkoop.samples import einvoice
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.layout import Drawing

FILE_NAME = "factur-x.xml"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
   <fx:DocumentType>INVOICE</fx:DocumentType>
   <fx:DocumentFileName>{file_name}</fx:DocumentFileName>
   <fx:Version>1.0</fx:Version>
   <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def hybrid_pdf(drawing: Drawing, invoice: SampleInvoice) -> bytes:
    """Attach the CII XML of the invoice to its drawing, as Factur-X 1.0 profile EN 16931.

    The page keeps its fonts, so this is no PDF/A-3; readers do not ask for that. Raises PricesIncludeVat.
    """
    day = invoice.issue_date.strftime("D:%Y%m%d120000Z")
    with pikepdf.open(io.BytesIO(drawing.pdf)) as pdf:
        spec = pikepdf.AttachedFileSpec(
            pdf,
            einvoice.cii(invoice),
            filename=FILE_NAME,
            mime_type="text/xml",
            description="Factur-X",
            creation_date=day,
            mod_date=day,
            relationship=pikepdf.Name.Alternative,
        )
        pdf.attachments[FILE_NAME] = spec
        pdf.Root.AF = pikepdf.Array([spec.obj])
        xmp = pdf.make_stream(_XMP.format(file_name=FILE_NAME).encode())
        xmp.Type, xmp.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = xmp
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()
