"""Invented companies and what they sell, per language: names, streets, towns, articles and prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inkoop.samples.company import Language


@dataclass(frozen=True, slots=True)
class Article:
    """Something that is sold. `unit` is a UN/ECE code; `lowest` and `highest` are prices in cents."""

    description: str
    unit: str
    lowest: int
    highest: int
    is_low_rate: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: what such companies are called, and what they sell. `{}` is a family name."""

    names: tuple[str, ...]
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """Where sellers and buyers live: towns with postal codes, streets, dialling code, VAT rates."""

    towns: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    street_form: str
    phone: str
    high_rate: Decimal
    low_rate: Decimal
    families: tuple[str, ...]
    buyers: tuple[str, ...]


SELLER_COUNTRIES: dict[Language, tuple[str, ...]] = {
    "nl": ("NL", "NL", "BE"),
    "de": ("DE",),
    "fr": ("FR", "FR", "BE"),
    "en": ("IE", "NL"),
}

COUNTRIES: dict[str, Country] = {
    "NL": Country(
        towns=(
            ("1317 AH", "Almere"),
            ("5032 MC", "Tilburg"),
            ("7511 JP", "Enschede"),
            ("8232 VX", "Lelystad"),
            ("4817 PA", "Breda"),
            ("6827 AT", "Arnhem"),
            ("9403 VK", "Assen"),
        ),
        streets=(
            "Ambachtsweg",
            "Rietdijk",
            "Molenkade",
            "Eikenlaan",
            "De Wetering",
            "Smidsplein",
            "Oosthavenweg",
        ),
        street_form="{street} {number}",
        phone="+31 {area} 555 0{line}",
        high_rate=Decimal(21),
        low_rate=Decimal(9),
        families=(
            "Wagenvoort",
            "Kruidhof",
            "Ter Borgh",
            "Elzinga",
            "Van Roosmalen",
            "Dijkhuis",
            "Schipperijn",
        ),
        buyers=(
            "Waterschap Rietveen",
            "Bouwgroep Sparrenhof B.V.",
            "Stichting De Lindeboom",
            "Gasterij Het Anker B.V.",
            "Machinefabriek Oldenhof B.V.",
            "Zorggroep Veldzicht",
        ),
    ),
    "BE": Country(
        towns=(
            ("9000", "Gent"),
            ("2800", "Mechelen"),
            ("3500", "Hasselt"),
            ("5000", "Namur"),
            ("4000", "Liège"),
        ),
        streets=("Fabriekstraat", "Rue du Canal", "Kerkhofstraat", "Vaartdijk", "Rue des Forges"),
        street_form="{street} {number}",
        phone="+32 {area} 555 01 {line}",
        high_rate=Decimal(21),
        low_rate=Decimal(6),
        families=("Verhelst", "Declercq", "Van Opstal", "Lambrechts", "Delvaux", "Marchal"),
        buyers=(
            "Transport Wijngaert NV",
            "Maison Delcourt SRL",
            "Bakkerij Vanhoutte BV",
            "Atelier Rosier SRL",
        ),
    ),
    "DE": Country(
        towns=(
            ("33602", "Bielefeld"),
            ("48143", "Münster"),
            ("70565", "Stuttgart"),
            ("99084", "Erfurt"),
            ("24103", "Kiel"),
            ("93047", "Regensburg"),
        ),
        streets=(
            "Gewerbering",
            "Mühlenweg",
            "Am Güterbahnhof",
            "Schlossallee",
            "Röntgenstraße",
            "Uferstraße",
        ),
        street_form="{street} {number}",
        phone="+49 {area}1 555 0{line}",
        high_rate=Decimal(19),
        low_rate=Decimal(7),
        families=("Brinkmöller", "Haberstroh", "Tiedemann", "Oberländer", "Kallweit", "Groß", "Stegemann"),
        buyers=(
            "Hausverwaltung Lindenau GmbH",
            "Gemeindewerke Altensee",
            "Fensterbau Roßkamp GmbH & Co. KG",
            "Klinik am Park gGmbH",
            "Maschinenbau Vogelsang GmbH",
        ),
    ),
    "FR": Country(
        towns=(
            ("59000", "Lille"),
            ("44000", "Nantes"),
            ("63000", "Clermont-Ferrand"),
            ("35000", "Rennes"),
            ("21000", "Dijon"),
            ("42000", "Saint-Étienne"),
        ),
        streets=(
            "rue de la Gare",
            "avenue des Érables",
            "chemin du Moulin",
            "impasse des Forgerons",
            "quai Nord",
        ),
        street_form="{number} {street}",
        phone="+33 {area[0]} 65 55 01 {line}",
        high_rate=Decimal(20),
        low_rate=Decimal("5.5"),
        families=("Garnaud", "Thévenet", "Courtois", "Bressuire", "Lemoine", "Aubéry", "Vasseur"),
        buyers=(
            "Mairie de Saint-Aubry",
            "Boulangerie Pernelle SARL",
            "Constructions Fauvel SAS",
            "Hôtel du Lac SAS",
            "Transports Ravel SARL",
        ),
    ),
    "IE": Country(
        towns=(
            ("T12 RK29", "Cork"),
            ("H91 E8PX", "Galway"),
            ("V94 T9N2", "Limerick"),
            ("D08 XK57", "Dublin 8"),
        ),
        streets=("Harbour Road", "Mill Lane", "Canal Street", "Oak Park", "Foundry Row"),
        street_form="{number} {street}",
        phone="+353 {area} 555 01{line}",
        high_rate=Decimal(23),
        low_rate=Decimal("13.5"),
        families=("Kilbride", "Donnellan", "Ashgrove", "Fennimore", "Corrigan", "Wexley"),
        buyers=(
            "Rathmore Dairy Ltd",
            "Bellhaven Hotels Ltd",
            "Clonlea Engineering Ltd",
            "Glenside Care Trust",
        ),
    ),
}

TRADES: dict[Language, tuple[Trade, ...]] = {
    "nl": (
        Trade(
            ("{} Bevestigingstechniek B.V.", "Technische Handel {} B.V.", "{} & Zn. IJzerwaren"),
            (
                Article("Zeskantbout M8x40 verzinkt, doos 100 st", "C62", 1150, 2450),
                Article("Slotbout M10x80 RVS A2", "C62", 85, 190),
                Article("Borgmoer M12", "C62", 12, 45),
                Article("Keilbout 12x120", "C62", 140, 310),
                Article("Draadstang M16, 1 meter", "MTR", 390, 720),
                Article("Slijpschijf 125 mm", "C62", 145, 390),
                Article("Siliconenkit transparant 310 ml", "C62", 480, 890),
                Article("Kabelgoot 60x100 mm", "MTR", 690, 1350),
                Article("Werkhandschoenen maat 10", "PK", 850, 1650),
                Article("Smeervet EP2, patroon 400 g", "C62", 510, 940),
            ),
        ),
        Trade(
            ("Installatiebedrijf {} B.V.", "{} Elektra & Klimaat", "Servicebureau {} B.V."),
            (
                Article("Arbeidsuren monteur", "HUR", 5600, 7850),
                Article("Voorrijkosten", "C62", 3500, 6900),
                Article("Onderhoud warmtepomp, jaarlijkse beurt", "C62", 14500, 22500),
                Article("Installatiekabel 3x2,5 mm²", "MTR", 165, 310),
                Article("Wandcontactdoos dubbel, wit", "C62", 990, 1890),
                Article("Rookmelder met 10 jaar batterij", "C62", 2150, 3690),
                Article("Inspectie volgens NEN 3140", "DAY", 62000, 84000),
            ),
        ),
        Trade(
            ("{} Kantoorvakhandel", "Boek & Papier {} B.V.", "Drukkerij {} V.O.F."),
            (
                Article("Kopieerpapier A4 80 g, doos 5 pak", "C62", 2150, 3490),
                Article("Handboek Veilig werken op hoogte", "C62", 2450, 4200, True),
                Article("Vakblad Techniek, jaarabonnement", "C62", 8900, 15900, True),
                Article("Ordner A4 75 mm, grijs", "C62", 210, 430),
                Article("Toner zwart, 6.000 pagina's", "C62", 6900, 12900),
                Article("Koffiebonen dark roast 1 kg", "KGM", 1190, 1950, True),
                Article("Whiteboardstift assorti, set van 8", "PK", 790, 1390),
            ),
        ),
    ),
    "de": (
        Trade(
            ("{} Befestigungstechnik GmbH", "Werkzeughandel {} KG", "{} & Söhne Eisenwaren GmbH"),
            (
                Article("Sechskantschraube M8x40 verzinkt, 100 Stk.", "C62", 1150, 2450),
                Article("Gewindestange M16, 1 m", "MTR", 390, 720),
                Article("Schwerlastdübel 12x120", "C62", 140, 310),
                Article("Trennscheibe 125 mm", "C62", 145, 390),
                Article("Kabelkanal 60x100 mm", "MTR", 690, 1350),
                Article("Schutzhandschuhe Größe 10", "PK", 850, 1650),
                Article("Mehrzweckfett EP2, Kartusche 400 g", "C62", 510, 940),
                Article("Bohrer HSS-Co 8,5 mm", "C62", 450, 990),
                Article("Dichtmasse grau 310 ml", "C62", 480, 890),
            ),
        ),
        Trade(
            ("{} Haustechnik GmbH", "Elektro {} e.K.", "{} Anlagenservice GmbH & Co. KG"),
            (
                Article("Monteurstunde", "HUR", 5600, 7850),
                Article("Anfahrtspauschale", "C62", 3500, 6900),
                Article("Wartung Wärmepumpe, jährlich", "C62", 14500, 22500),
                Article("Mantelleitung NYM-J 3x2,5 mm²", "MTR", 165, 310),
                Article("Steckdose zweifach, weiß", "C62", 990, 1890),
                Article("Rauchmelder mit Langzeitbatterie", "C62", 2150, 3690),
                Article("Prüfung nach DGUV Vorschrift 3", "DAY", 62000, 84000),
            ),
        ),
        Trade(
            ("Bürobedarf {} GmbH", "Buchhandlung {} e.K.", "{} Druck & Papier GmbH"),
            (
                Article("Kopierpapier A4 80 g, Karton 5 Pack", "C62", 2150, 3490),
                Article("Fachbuch Arbeitssicherheit, 4. Auflage", "C62", 2450, 4200, True),
                Article("Fachzeitschrift Technik, Jahresabo", "C62", 8900, 15900, True),
                Article("Ordner A4 breit, grau", "C62", 210, 430),
                Article("Toner schwarz, 6.000 Seiten", "C62", 6900, 12900),
                Article("Kaffeebohnen Röstung kräftig 1 kg", "KGM", 1190, 1950, True),
                Article("Whiteboard-Marker, 8er-Set", "PK", 790, 1390),
            ),
        ),
    ),
    "fr": (
        Trade(
            ("Quincaillerie {} SARL", "Outillage {} SAS", "Établissements {} et Fils"),
            (
                Article("Vis tête hexagonale M8x40, boîte de 100", "C62", 1150, 2450),
                Article("Tige filetée M16, 1 m", "MTR", 390, 720),
                Article("Cheville mécanique 12x120", "C62", 140, 310),
                Article("Disque à tronçonner 125 mm", "C62", 145, 390),
                Article("Goulotte 60x100 mm", "MTR", 690, 1350),
                Article("Gants de protection taille 10", "PK", 850, 1650),
                Article("Graisse EP2, cartouche 400 g", "C62", 510, 940),
                Article("Mastic silicone transparent 310 ml", "C62", 480, 890),
                Article("Foret HSS cobalt 8,5 mm", "C62", 450, 990),
            ),
        ),
        Trade(
            ("Électricité {} SARL", "{} Maintenance SAS", "Chauffage {} SARL"),
            (
                Article("Main-d'œuvre technicien", "HUR", 5600, 7850),
                Article("Forfait déplacement", "C62", 3500, 6900),
                Article("Entretien pompe à chaleur, visite annuelle", "C62", 14500, 22500),
                Article("Câble R2V 3G2,5 mm²", "MTR", 165, 310),
                Article("Prise double, blanche", "C62", 990, 1890),
                Article("Détecteur de fumée, pile 10 ans", "C62", 2150, 3690),
                Article("Contrôle réglementaire des installations", "DAY", 62000, 84000),
            ),
        ),
        Trade(
            ("Papeterie {} SARL", "Librairie {} SAS", "Imprimerie {} SARL"),
            (
                Article("Papier A4 80 g, carton de 5 ramettes", "C62", 2150, 3490),
                Article("Manuel de sécurité au travail", "C62", 2450, 4200, True),
                Article("Guide technique, édition reliée", "C62", 3900, 6900, True),
                Article("Classeur A4 dos 75 mm, gris", "C62", 210, 430),
                Article("Toner noir, 6 000 pages", "C62", 6900, 12900),
                Article("Café en grains 1 kg", "KGM", 1190, 1950, True),
                Article("Marqueurs effaçables, lot de 8", "PK", 790, 1390),
            ),
        ),
    ),
    "en": (
        Trade(
            ("{} Fasteners Ltd", "{} Tool Supplies Ltd", "{} & Sons Hardware"),
            (
                Article("Hex bolt M8x40 zinc plated, box of 100", "C62", 1150, 2450),
                Article("Threaded rod M16, 1 m", "MTR", 390, 720),
                Article("Heavy duty anchor 12x120", "C62", 140, 310),
                Article("Cutting disc 125 mm", "C62", 145, 390),
                Article("Cable trunking 60x100 mm", "MTR", 690, 1350),
                Article("Work gloves size 10", "PK", 850, 1650),
                Article("Grease EP2, 400 g cartridge", "C62", 510, 940),
                Article("Silicone sealant clear 310 ml", "C62", 480, 890),
                Article("Cobalt drill bit 8.5 mm", "C62", 450, 990),
            ),
        ),
        Trade(
            ("{} Building Services Ltd", "{} Electrical Ltd", "{} Facility Care"),
            (
                Article("Engineer, on site", "HUR", 5600, 7850),
                Article("Call-out charge", "C62", 3500, 6900),
                Article("Heat pump service, yearly visit", "C62", 14500, 22500, True),
                Article("Twin and earth cable 2.5 mm²", "MTR", 165, 310),
                Article("Double socket, white", "C62", 990, 1890),
                Article("Smoke alarm with 10-year battery", "C62", 2150, 3690),
                Article("Fixed wire inspection", "DAY", 62000, 84000),
            ),
        ),
        Trade(
            ("{} Office Supplies Ltd", "{} Print & Paper", "{} Contract Cleaning Ltd"),
            (
                Article("Copier paper A4 80 gsm, box of 5 reams", "C62", 2150, 3490),
                Article("Window cleaning, front and rear", "C62", 8900, 15900, True),
                Article("Office cleaning, evening shift", "HUR", 2350, 3450, True),
                Article("Lever arch file A4, grey", "C62", 210, 430),
                Article("Toner black, 6,000 pages", "C62", 6900, 12900),
                Article("Whiteboard markers, set of 8", "PK", 790, 1390),
                Article("Waste bags 120 l, roll of 25", "PK", 690, 1190),
            ),
        ),
    ),
}
