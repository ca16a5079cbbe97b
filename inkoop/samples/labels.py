"""The words on an invoice, per language, with several synonyms for each.

A family's `voice` picks among the synonyms, so that every family has its own wording in every language. In
sentences, names in braces are values that the sheet fills in and records.
"""

from __future__ import annotations

from zlib import crc32

from inkoop.samples.company import Language

Synonyms = tuple[str, ...]

LABELS: dict[Language, dict[str, Synonyms]] = {
    "nl": {
        "title.invoice": ("Factuur", "FACTUUR", "Verkoopfactuur", "Nota"),
        "title.credit_note": ("Creditnota", "CREDITFACTUUR", "Creditfactuur", "Creditnota"),
        "invoice_number": ("Factuurnummer", "Factuurnr.", "Factuur nr.", "Nummer", "Ons factuurnummer"),
        "credit_note_number": (
            "Creditnotanummer",
            "Creditnr.",
            "Creditnota nr.",
            "Nummer",
            "Creditfactuurnr.",
        ),
        "issue_date": ("Factuurdatum", "Datum", "Datum factuur", "Opgemaakt op"),
        "due_date": ("Vervaldatum", "Te betalen voor", "Uiterste betaaldatum", "Betalen vóór", "Vervalt op"),
        "delivery_date": ("Leverdatum", "Geleverd op", "Datum levering", "Afleverdatum"),
        "order_reference": ("Uw order", "Uw referentie", "Bestelnummer", "Uw ordernummer", "Inkooporder"),
        "customer_no": ("Klantnummer", "Debiteurnr.", "Relatienummer", "Debiteur"),
        "preceding_invoice": ("Betreft factuur", "Creditering van factuur", "Oorspronkelijke factuur"),
        "bill_to": ("Factuur aan", "Factuuradres", "Aan", "Klant", "T.a.v. crediteurenadministratie"),
        "seller": ("Leverancier", "Van", "Afzender", "Onze gegevens"),
        "details": ("Gegevens", "Kenmerken", "Factuurgegevens"),
        "line_id": ("Pos.", "Regel", "Nr."),
        "item_id": ("Artikel", "Artikelnr.", "Art.nr.", "Code"),
        "description": ("Omschrijving", "Beschrijving", "Product / dienst", "Artikelomschrijving"),
        "quantity": ("Aantal", "Hoeveelheid", "Aant."),
        "unit": ("Eenheid", "Eenh.", "Per"),
        "unit_price": ("Prijs", "Stukprijs", "Prijs per eenheid", "Tarief"),
        "unit_price_gross": ("Prijs incl. btw", "Stukprijs incl.", "Prijs p/st"),
        "discount_percent": ("Korting", "Krt.", "Korting %"),
        "vat_rate": ("Btw", "BTW %", "Btw-tarief", "BTW"),
        "net_amount": ("Bedrag", "Totaal", "Regelbedrag", "Totaal excl. btw"),
        "gross_amount": ("Totaal incl.", "Bedrag incl. btw", "Subtotaal"),
        "total_net": (
            "Totaal excl. btw",
            "Subtotaal",
            "Totaal exclusief BTW",
            "Netto bedrag",
            "Bedrag excl. BTW",
        ),
        "total_vat": ("Totaal btw", "BTW", "Btw-bedrag", "Omzetbelasting"),
        "total_gross": (
            "Totaal incl. btw",
            "Totaal",
            "Factuurbedrag",
            "Totaalbedrag",
            "Totaal inclusief BTW",
        ),
        "amount_due": ("Te betalen", "Totaal te voldoen", "Te betalen bedrag", "Te voldoen"),
        "amount_back": ("Te ontvangen", "Door ons terug te betalen", "Tegoed"),
        "vat_of": ("Btw {rate}", "BTW {rate}", "{rate} btw", "Omzetbelasting {rate}"),
        "vat_of_net": ("Btw {rate} over {net}", "{rate} btw over {net}", "BTW {rate} van {net}"),
        "rate": ("Tarief", "Btw %", "BTW-tarief"),
        "vat_net": ("Grondslag", "Over bedrag", "Bedrag excl."),
        "vat_vat": ("Btw", "Btw-bedrag", "BTW"),
        "vat_id": ("Btw-nummer", "BTW-nr.", "Btw-id", "BTW"),
        "buyer_vat_id": ("Uw btw-nummer", "BTW-nr. afnemer", "Uw btw-id"),
        "iban": ("IBAN", "Rekening", "Bankrekening", "IBAN-nr."),
        "bic": ("BIC", "BIC/SWIFT", "Swift"),
        "phone": ("Telefoon", "Tel.", "T"),
        "email": ("E-mail", "E", "Mail"),
        "payment_reference": ("Betalingskenmerk", "Kenmerk", "Betaalkenmerk"),
        "payment": ("Betaling", "Betaalgegevens", "Zo betaalt u"),
        "vat_summary": ("Btw-specificatie", "Specificatie BTW", "Opbouw btw"),
        "page": ("Pagina {page} van {pages}", "Blad {page} / {pages}", "Pag. {page}/{pages}"),
        "carried": ("Transport", "Over te brengen", "Subtotaal deze pagina"),
        "all_amounts": ("Alle bedragen in {currency}.", "Bedragen zijn in {currency}.", "Valuta: {currency}"),
        "terms": (
            "Wij verzoeken u het bedrag binnen {days} dagen over te maken op rekening {iban} ten name van "
            "{name}, onder vermelding van het factuurnummer.",
            "Betaling binnen {days} dagen na factuurdatum op {iban} t.n.v. {name}.",
            "Gelieve binnen {days} dagen te betalen op IBAN {iban} van {name}.",
        ),
        "credit_terms": (
            "Het bedrag wordt binnen {days} dagen op uw rekening teruggestort of met een volgende "
            "factuur verrekend.",
            "Wij verrekenen dit bedrag met uw openstaande facturen.",
        ),
        "conditions": (
            "Op al onze leveringen zijn de Metaalunievoorwaarden van toepassing, gedeponeerd bij de "
            "rechtbank.",
            "Geleverde goederen blijven ons eigendom totdat de factuur volledig is voldaan.",
            "Reclames dienen binnen acht dagen na ontvangst schriftelijk te worden gemeld.",
        ),
        "thanks": (
            "Bedankt voor uw opdracht.",
            "Dank voor uw bestelling!",
            "Wij danken u voor het vertrouwen.",
        ),
        "reverse_charge": (
            "Intracommunautaire levering, btw verlegd naar de afnemer.",
            "Btw verlegd. Intracommunautaire levering, artikel 138 btw-richtlijn.",
        ),
        "salutation": ("Geachte heer, mevrouw,", "Beste relatie,"),
        "opening": (
            "Hierbij brengen wij u de volgende leveringen en werkzaamheden in rekening.",
            "Voor de geleverde goederen en diensten berekenen wij u als volgt.",
        ),
        "account_holder": ("Ten name van", "T.n.v.", "Begunstigde"),
        "prices_include_vat": ("Alle prijzen zijn inclusief btw.", "Prijzen inclusief BTW."),
    },
    "de": {
        "title.invoice": ("Rechnung", "RECHNUNG", "Rechnung", "Faktura"),
        "title.credit_note": ("Gutschrift", "RECHNUNGSKORREKTUR", "Gutschrift", "Gutschrift"),
        "invoice_number": ("Rechnungsnummer", "Rechnungs-Nr.", "Rechnung Nr.", "Re.-Nr.", "Belegnummer"),
        "credit_note_number": (
            "Gutschriftsnummer",
            "Gutschrift-Nr.",
            "Gutschrift Nr.",
            "Beleg-Nr.",
            "Belegnummer",
        ),
        "issue_date": ("Rechnungsdatum", "Datum", "Belegdatum", "Ausgestellt am"),
        "due_date": ("Fällig am", "Zahlbar bis", "Fälligkeitsdatum", "Fälligkeit", "Zu zahlen bis"),
        "delivery_date": ("Lieferdatum", "Leistungsdatum", "Geliefert am", "Tag der Lieferung"),
        "order_reference": ("Ihre Bestellung", "Bestellnummer", "Ihr Zeichen", "Ihre Bestell-Nr.", "Auftrag"),
        "customer_no": ("Kundennummer", "Kunden-Nr.", "Kd.-Nr.", "Debitor"),
        "preceding_invoice": ("Zu Rechnung", "Korrektur der Rechnung", "Bezug Rechnung"),
        "bill_to": ("Rechnung an", "Rechnungsanschrift", "An", "Kunde", "Rechnungsempfänger"),
        "seller": ("Lieferant", "Von", "Absender", "Unsere Daten"),
        "details": ("Angaben", "Belegdaten", "Rechnungsdaten"),
        "line_id": ("Pos.", "Pos", "Nr."),
        "item_id": ("Artikel", "Artikel-Nr.", "Art.-Nr.", "Art.Nr."),
        "description": ("Bezeichnung", "Beschreibung", "Artikelbezeichnung", "Leistung"),
        "quantity": ("Menge", "Anzahl", "Mge."),
        "unit": ("Einheit", "Einh.", "ME"),
        "unit_price": ("Einzelpreis", "Preis", "E-Preis", "Preis/Einh."),
        "unit_price_gross": ("Preis inkl. MwSt.", "Einzelpreis brutto", "Stückpreis"),
        "discount_percent": ("Rabatt", "Rab.", "Rabatt %"),
        "vat_rate": ("MwSt.", "USt. %", "USt.", "Steuer"),
        "net_amount": ("Betrag", "Gesamt", "Gesamtpreis", "Summe netto"),
        "gross_amount": ("Gesamt inkl.", "Betrag brutto", "Summe"),
        "total_net": ("Nettobetrag", "Zwischensumme", "Summe netto", "Gesamt netto", "Warenwert netto"),
        "total_vat": ("Mehrwertsteuer", "USt. gesamt", "Umsatzsteuer", "Steuerbetrag"),
        "total_gross": ("Gesamtbetrag", "Rechnungsbetrag", "Bruttobetrag", "Endbetrag", "Gesamtsumme"),
        "amount_due": ("Zahlbetrag", "Zu zahlen", "Zu zahlender Betrag", "Offener Betrag"),
        "amount_back": ("Gutschriftsbetrag", "Ihr Guthaben", "Erstattungsbetrag"),
        "vat_of": ("MwSt. {rate}", "{rate} USt.", "zzgl. {rate} MwSt.", "Umsatzsteuer {rate}"),
        "vat_of_net": ("{rate} MwSt. auf {net}", "USt. {rate} von {net}", "zzgl. {rate} USt. auf {net}"),
        "rate": ("Steuersatz", "USt. %", "Satz"),
        "vat_net": ("Netto", "Bemessungsgrundlage", "Nettobetrag"),
        "vat_vat": ("Steuer", "Steuerbetrag", "MwSt."),
        "vat_id": ("USt-IdNr.", "Ust-ID", "USt-Id-Nr.", "UID"),
        "buyer_vat_id": ("Ihre USt-IdNr.", "USt-ID Kunde", "Ihre Ust-ID"),
        "iban": ("IBAN", "Konto (IBAN)", "Bankverbindung", "IBAN"),
        "bic": ("BIC", "SWIFT/BIC", "BIC"),
        "phone": ("Telefon", "Tel.", "Fon"),
        "email": ("E-Mail", "Mail", "E-Mail"),
        "payment_reference": ("Verwendungszweck", "Zahlungsreferenz", "Referenz"),
        "payment": ("Zahlung", "Zahlungsdaten", "Bankverbindung"),
        "vat_summary": ("Steueraufstellung", "Aufschlüsselung MwSt.", "Steuerübersicht"),
        "page": ("Seite {page} von {pages}", "Blatt {page} / {pages}", "S. {page}/{pages}"),
        "carried": ("Übertrag", "Zwischensumme Seite", "Übertrag"),
        "all_amounts": ("Alle Beträge in {currency}.", "Beträge in {currency}.", "Währung: {currency}"),
        "terms": (
            "Bitte überweisen Sie den Betrag innerhalb von {days} Tagen auf das Konto {iban} von {name} "
            "unter Angabe der Rechnungsnummer.",
            "Zahlbar innerhalb von {days} Tagen ohne Abzug auf {iban}, Kontoinhaber {name}.",
            "Zahlungsziel {days} Tage netto. Bank: {iban}, {name}.",
        ),
        "credit_terms": (
            "Der Betrag wird Ihnen innerhalb von {days} Tagen überwiesen oder mit offenen Posten verrechnet.",
            "Wir verrechnen den Betrag mit Ihrer nächsten Rechnung.",
        ),
        "conditions": (
            "Es gelten unsere Allgemeinen Geschäftsbedingungen. Gerichtsstand ist der Sitz des Unternehmens.",
            "Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.",
            "Beanstandungen sind innerhalb von acht Tagen nach Erhalt schriftlich mitzuteilen.",
        ),
        "thanks": (
            "Vielen Dank für Ihren Auftrag.",
            "Wir danken für Ihre Bestellung!",
            "Danke für Ihr Vertrauen.",
        ),
        "reverse_charge": (
            "Steuerfreie innergemeinschaftliche Lieferung gemäß § 4 Nr. 1b UStG.",
            "Innergemeinschaftliche Lieferung, Steuerschuldnerschaft des Leistungsempfängers.",
        ),
        "salutation": ("Sehr geehrte Damen und Herren,", "Guten Tag,"),
        "opening": (
            "für unsere Lieferungen und Leistungen erlauben wir uns zu berechnen:",
            "wir berechnen Ihnen die folgenden Positionen:",
        ),
        "account_holder": ("Kontoinhaber", "Empfänger", "Inhaber"),
        "prices_include_vat": ("Alle Preise inkl. MwSt.", "Preise verstehen sich inkl. gesetzlicher MwSt."),
    },
    "fr": {
        "title.invoice": ("Facture", "FACTURE", "Facture", "Facture"),
        "title.credit_note": ("Avoir", "AVOIR", "Facture d'avoir", "Note de crédit"),
        "invoice_number": ("Facture n°", "N° de facture", "Numéro de facture", "Numéro", "Référence facture"),
        "credit_note_number": ("Avoir n°", "N° d'avoir", "Numéro d'avoir", "Numéro", "Référence avoir"),
        "issue_date": ("Date de facture", "Date", "Date d'émission", "Émise le"),
        "due_date": (
            "Échéance",
            "Date d'échéance",
            "À régler avant le",
            "Payable le",
            "Date limite de paiement",
        ),
        "delivery_date": ("Date de livraison", "Livré le", "Livraison du", "Date de prestation"),
        "order_reference": (
            "Votre commande",
            "N° de commande",
            "Vos références",
            "Bon de commande",
            "Réf. client",
        ),
        "customer_no": ("N° client", "Code client", "Client n°", "Compte client"),
        "preceding_invoice": ("Facture d'origine", "Concerne la facture", "Sur facture n°"),
        "bill_to": ("Facturé à", "Adresse de facturation", "À l'attention de", "Client", "Destinataire"),
        "seller": ("Fournisseur", "De", "Émetteur", "Nos coordonnées"),
        "details": ("Détails", "Références", "Informations"),
        "line_id": ("Pos.", "N°", "Ligne"),
        "item_id": ("Référence", "Réf.", "Code article", "Article"),
        "description": ("Désignation", "Description", "Libellé", "Prestation"),
        "quantity": ("Quantité", "Qté", "Qté."),
        "unit": ("Unité", "U.", "Un."),
        "unit_price": ("Prix unitaire", "P.U. HT", "Prix unit. HT", "P.U."),
        "unit_price_gross": ("P.U. TTC", "Prix TTC", "Prix unitaire TTC"),
        "discount_percent": ("Remise", "Rem. %", "Rem."),
        "vat_rate": ("TVA", "TVA %", "Taux TVA", "Taux"),
        "net_amount": ("Montant HT", "Total HT", "Montant", "Total ligne HT"),
        "gross_amount": ("Total TTC", "Montant TTC", "Sous-total"),
        "total_net": ("Total HT", "Sous-total HT", "Montant HT", "Total net HT", "Base HT"),
        "total_vat": ("Total TVA", "TVA", "Montant TVA", "TVA totale"),
        "total_gross": ("Total TTC", "Montant TTC", "Total facture TTC", "Total général TTC", "Total"),
        "amount_due": ("Net à payer", "À payer", "Montant à régler", "Solde dû"),
        "amount_back": ("À votre crédit", "Montant de l'avoir", "À rembourser"),
        "vat_of": ("TVA {rate}", "TVA à {rate}", "T.V.A. {rate}", "Taxe {rate}"),
        "vat_of_net": ("TVA {rate} sur {net}", "T.V.A. à {rate} sur {net}", "{rate} sur base de {net}"),
        "rate": ("Taux", "Taux TVA", "TVA %"),
        "vat_net": ("Base HT", "Base", "Montant HT"),
        "vat_vat": ("TVA", "Montant TVA", "Taxe"),
        "vat_id": ("N° TVA", "TVA intracommunautaire", "TVA", "N° TVA intracom."),
        "buyer_vat_id": ("Votre n° TVA", "TVA client", "N° TVA client"),
        "iban": ("IBAN", "Compte IBAN", "IBAN", "Compte bancaire"),
        "bic": ("BIC", "SWIFT", "Code BIC"),
        "phone": ("Téléphone", "Tél.", "Tél"),
        "email": ("E-mail", "Courriel", "Mail"),
        "payment_reference": ("Référence de paiement", "Communication", "Réf. paiement"),
        "payment": ("Règlement", "Paiement", "Modalités de règlement"),
        "vat_summary": ("Détail de la TVA", "Récapitulatif TVA", "Ventilation TVA"),
        "page": ("Page {page} sur {pages}", "Page {page} / {pages}", "p. {page}/{pages}"),
        "carried": ("À reporter", "Report", "Sous-total page"),
        "all_amounts": (
            "Montants exprimés en {currency}.",
            "Tous les montants en {currency}.",
            "Devise : {currency}",
        ),
        "terms": (
            "Merci de régler cette facture sous {days} jours par virement sur le compte {iban} de {name} en "
            "rappelant le numéro de facture.",
            "Paiement à {days} jours par virement : {iban}, titulaire {name}.",
            "Conditions : {days} jours date de facture. Virement sur {iban} au nom de {name}.",
        ),
        "credit_terms": (
            "Ce montant vous sera remboursé sous {days} jours ou déduit de votre prochaine facture.",
            "Cet avoir est à déduire de votre prochain règlement.",
        ),
        "conditions": (
            "Pas d'escompte pour paiement anticipé. En cas de retard, indemnité forfaitaire de "
            "recouvrement : 40 euros.",
            "Les marchandises restent notre propriété jusqu'au paiement intégral.",
            "Toute réclamation doit être faite par écrit dans les huit jours suivant la réception.",
        ),
        "thanks": (
            "Merci de votre confiance.",
            "Nous vous remercions de votre commande.",
            "Merci pour votre achat !",
        ),
        "reverse_charge": (
            "Exonération de TVA, livraison intracommunautaire, article 262 ter I du CGI.",
            "Livraison intracommunautaire exonérée, TVA due par le preneur.",
        ),
        "salutation": ("Madame, Monsieur,", "Bonjour,"),
        "opening": (
            "Nous vous prions de trouver ci-dessous le détail de nos livraisons et prestations.",
            "Veuillez trouver ci-après le détail des articles et prestations facturés.",
        ),
        "account_holder": ("Titulaire du compte", "Titulaire", "Bénéficiaire"),
        "prices_include_vat": ("Tous les prix sont TTC.", "Prix toutes taxes comprises."),
    },
    "en": {
        "title.invoice": ("Invoice", "INVOICE", "Tax invoice", "Sales invoice"),
        "title.credit_note": ("Credit note", "CREDIT NOTE", "Credit memo", "Credit note"),
        "invoice_number": ("Invoice number", "Invoice no.", "Invoice #", "Number", "Our reference"),
        "credit_note_number": (
            "Credit note number",
            "Credit note no.",
            "Credit note #",
            "Number",
            "Credit no.",
        ),
        "issue_date": ("Invoice date", "Date", "Date of issue", "Issued on"),
        "due_date": ("Due date", "Payment due", "Please pay by", "Due by", "Payable before"),
        "delivery_date": ("Delivery date", "Delivered on", "Date of supply", "Shipped"),
        "order_reference": ("Your order", "PO number", "Purchase order", "Your reference", "Order no."),
        "customer_no": ("Customer no.", "Account no.", "Customer ID", "Customer"),
        "preceding_invoice": ("Credits invoice", "Original invoice", "Relates to invoice"),
        "bill_to": ("Bill to", "Invoice to", "Billed to", "Customer", "Sold to"),
        "seller": ("Supplier", "From", "Seller", "Our details"),
        "details": ("Details", "References", "Invoice details"),
        "line_id": ("No.", "Line", "#"),
        "item_id": ("Item", "Item no.", "SKU", "Part no."),
        "description": ("Description", "Details", "Item description", "Product / service"),
        "quantity": ("Quantity", "Qty", "Qty."),
        "unit": ("Unit", "UoM", "Per"),
        "unit_price": ("Unit price", "Price", "Rate", "Price each"),
        "unit_price_gross": ("Price incl. VAT", "Unit price incl.", "Price each"),
        "discount_percent": ("Discount", "Disc.", "Disc. %"),
        "vat_rate": ("VAT", "VAT %", "VAT rate", "Tax"),
        "net_amount": ("Amount", "Total", "Line total", "Net amount"),
        "gross_amount": ("Total incl.", "Amount incl. VAT", "Subtotal"),
        "total_net": ("Subtotal", "Total excl. VAT", "Net total", "Total net", "Net amount"),
        "total_vat": ("VAT", "Total VAT", "VAT amount", "Tax total"),
        "total_gross": ("Total", "Total incl. VAT", "Invoice total", "Grand total", "Gross total"),
        "amount_due": ("Amount due", "Balance due", "Total due", "Please pay"),
        "amount_back": ("Amount credited", "In your favour", "Refund"),
        "vat_of": ("VAT {rate}", "VAT at {rate}", "{rate} VAT", "Tax {rate}"),
        "vat_of_net": ("VAT {rate} on {net}", "{rate} VAT on {net}", "VAT at {rate} of {net}"),
        "rate": ("Rate", "VAT %", "VAT rate"),
        "vat_net": ("Net", "Taxable amount", "Goods"),
        "vat_vat": ("VAT", "VAT amount", "Tax"),
        "vat_id": ("VAT number", "VAT no.", "VAT reg. no.", "VAT ID"),
        "buyer_vat_id": ("Your VAT number", "Customer VAT no.", "Your VAT ID"),
        "iban": ("IBAN", "Account (IBAN)", "Bank account", "IBAN"),
        "bic": ("BIC", "SWIFT", "BIC/SWIFT"),
        "phone": ("Phone", "Tel.", "T"),
        "email": ("E-mail", "Email", "E"),
        "payment_reference": ("Payment reference", "Reference", "Quote reference"),
        "payment": ("Payment", "How to pay", "Payment details"),
        "vat_summary": ("VAT summary", "VAT analysis", "VAT breakdown"),
        "page": ("Page {page} of {pages}", "Page {page}/{pages}", "{page} / {pages}"),
        "carried": ("Carried forward", "Subtotal this page", "Carried over"),
        "all_amounts": ("All amounts in {currency}.", "Amounts are in {currency}.", "Currency: {currency}"),
        "terms": (
            "Please transfer the amount within {days} days to account {iban} in the name of {name}, quoting "
            "the invoice number.",
            "Payment within {days} days of the invoice date to {iban}, account holder {name}.",
            "Terms: {days} days net. Bank transfer to {iban}, {name}.",
        ),
        "credit_terms": (
            "The amount will be refunded within {days} days or set off against your next invoice.",
            "This credit will be set off against your open invoices.",
        ),
        "conditions": (
            "Our general terms and conditions apply to all deliveries and services.",
            "Goods remain our property until paid in full.",
            "Complaints must be reported in writing within eight days of receipt.",
        ),
        "thanks": (
            "Thank you for your business.",
            "Thank you for your order!",
            "We appreciate your business.",
        ),
        "reverse_charge": (
            "Intra-Community supply, VAT reverse charged to the customer.",
            "Reverse charge: VAT to be accounted for by the recipient, Article 138 Directive 2006/112/EC.",
        ),
        "salutation": ("Dear customer,", "Dear Sir or Madam,"),
        "opening": (
            "We hereby charge you for the following goods and services.",
            "Please find below the goods delivered and the work done for you.",
        ),
        "account_holder": ("Account name", "Beneficiary", "Account holder"),
        "prices_include_vat": ("All prices include VAT.", "Prices are VAT inclusive."),
    },
}

UNITS: dict[Language, dict[str, Synonyms]] = {
    "nl": {
        "C62": ("stuks", "st", "stuk", "st."),
        "HUR": ("uur", "uren", "u"),
        "KGM": ("kg", "kilo", "kg"),
        "MTR": ("m", "meter", "m1"),
        "LTR": ("liter", "l", "ltr"),
        "PK": ("pak", "verp.", "pak"),
        "MON": ("maand", "mnd", "mnd."),
        "WEE": ("week", "wk", "weken"),
        "DAY": ("dag", "dagen", "dag"),
        "KWH": ("kWh", "kWh", "kWh"),
    },
    "de": {
        "C62": ("Stück", "Stk.", "Stk", "St."),
        "HUR": ("Std.", "Stunden", "h"),
        "KGM": ("kg", "kg", "kg"),
        "MTR": ("m", "Meter", "lfm"),
        "LTR": ("l", "Liter", "Ltr."),
        "PK": ("Pkg.", "Paket", "Pack"),
        "MON": ("Monat", "Mon.", "Monat"),
        "WEE": ("Woche", "Wo.", "Wochen"),
        "DAY": ("Tag", "Tage", "Tag"),
        "KWH": ("kWh", "kWh", "kWh"),
    },
    "fr": {
        "C62": ("pièce", "pce", "u", "pcs"),
        "HUR": ("h", "heure", "heures"),
        "KGM": ("kg", "kg", "kg"),
        "MTR": ("m", "mètre", "ml"),
        "LTR": ("l", "litre", "L"),
        "PK": ("paquet", "pqt", "lot"),
        "MON": ("mois", "mois", "mois"),
        "WEE": ("semaine", "sem.", "sem."),
        "DAY": ("jour", "j", "jours"),
        "KWH": ("kWh", "kWh", "kWh"),
    },
    "en": {
        "C62": ("pcs", "each", "pc", "ea"),
        "HUR": ("hours", "hr", "hrs"),
        "KGM": ("kg", "kg", "kgs"),
        "MTR": ("m", "metre", "mtr"),
        "LTR": ("l", "litre", "ltr"),
        "PK": ("pack", "pk", "pkt"),
        "MON": ("month", "mth", "months"),
        "WEE": ("week", "wk", "weeks"),
        "DAY": ("day", "days", "day"),
        "KWH": ("kWh", "kWh", "kWh"),
    },
}

LEGAL_ID_LABELS: dict[str, Synonyms] = {
    "NL": ("KvK", "KvK-nummer", "K.v.K.", "Handelsregister"),
    "DE": ("Handelsregister", "Registergericht", "HR-Nr."),
    "FR": ("SIREN", "N° SIREN", "RCS"),
    "IE": ("Company reg. no.", "Registered no.", "Reg. no."),
}
_BELGIAN_NUMBER: dict[Language, Synonyms] = {
    "nl": ("Ondernemingsnr.", "RPR", "Ondernemingsnummer"),
    "de": ("Unternehmensnummer", "RPR"),
    "fr": ("N° d'entreprise", "RPM", "Numéro d'entreprise"),
    "en": ("Enterprise no.", "RPR"),
}

COUNTRIES: dict[Language, dict[str, str]] = {
    "nl": {"NL": "Nederland", "DE": "Duitsland", "FR": "Frankrijk", "BE": "België", "IE": "Ierland"},
    "de": {"NL": "Niederlande", "DE": "Deutschland", "FR": "Frankreich", "BE": "Belgien", "IE": "Irland"},
    "fr": {"NL": "Pays-Bas", "DE": "Allemagne", "FR": "France", "BE": "Belgique", "IE": "Irlande"},
    "en": {"NL": "The Netherlands", "DE": "Germany", "FR": "France", "BE": "Belgium", "IE": "Ireland"},
}


def label(language: Language, name: str, voice: int) -> str:
    """The word or sentence that a voice uses. Raises KeyError for a name that is in no table."""
    return _pick(LABELS[language][name], name, voice)


def unit(language: Language, code: str, voice: int) -> str:
    """How a voice writes a UN/ECE unit code."""
    return _pick(UNITS[language][code], code, voice)


def legal_id(language: Language, country_code: str, voice: int) -> str:
    """What the number in the trade register of a country is called."""
    synonyms = _BELGIAN_NUMBER[language] if country_code == "BE" else LEGAL_ID_LABELS[country_code]
    return _pick(synonyms, "legal_id", voice)


def _pick(synonyms: Synonyms, name: str, voice: int) -> str:
    return synonyms[crc32(f"{voice} {name}".encode()) % len(synonyms)]
