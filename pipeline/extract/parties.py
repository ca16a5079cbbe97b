"""Who sells and who buys: the blocks of the page that belong to each, and the names they may bear.

The buyer stands below a word such as "Bill to" or in the window of the envelope. The seller is told by
what only a seller prints: a legal form beside a bank account, a letterhead, a web address like the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.extract.identifiers import country_code
from pipeline.extract.labels import Label, label_fold, vocabulary
from pipeline.extract.layout import Block, Row, Segment, Token, overlap, segment_of
from pipeline.extract.printed import Printed
from pipeline.extract.tables import LineTable
from pipeline.extract.values import folded

_MAX_SECTION_ROWS = 9
_MAX_NAME_WORDS = 9
_MAX_SEGMENTS = 400

_LEGAL_FORM = re.compile(
    r"(?<![\w.])(?:B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|C\.?V\.?|GmbH|gGmbH|mbH|AG|UG|KG|OHG|GbR|e\.? ?K\.?"
    r"|e\.? ?V\.?|SARL|S\.A\.R\.L\.?|S[àa]rl|SASU?|S\.?A\.?|EURL|SCI|Ltd\.?|Limited|LLC|L\.L\.C\.?|Inc\.?"
    r"|PLC|plc|LLP|Corp\.?|Co\.?|Corporation|Company|S\.?L\.?U?\.?|S\.?[pP]\.?A\.?|S\.?[rR]\.?[lL]\.?"
    r"|S\.?n\.?c\.?|Oy|AB|ApS|A/S|Pty|Pvt|BVBA|SRL|SPRL|LTD\.?|INC\.?|GMBH|Stichting|Gemeente|Vereniging)(?![\w])"
)
_SEPARATOR = re.compile(r"^[-–—|·•●▪*/]$")
_STREET = re.compile(r"^\d{1,4}[a-z]?,? [^\W\d_]|[^\W\d_]{3,}[.,]? \d{1,4} ?[a-zA-Z]?$")
_FORMS_OF_ADDRESS = frozenset(
    {"herr", "herrn", "frau", "firma", "familie", "dhr", "mevr", "mevrouw", "deheer", "tav", "mr", "mrs"}
    | {"madame", "monsieur", "mme", "attn", "zhd", "sr", "sra", "egrsig", "spettle", "ms"}
)
_DATA_KEYS = frozenset(
    {"bic", "iban", "vat_id", "buyer_vat_id", "tax_number", "legal_id", "phone", "fax", "email", "gln"}
    | {"order_reference", "invoice_number", "other_number", "preceding_invoice", "payment_reference"}
    | {"issue_date", "due_date", "delivery_date", "other_date", "address", "currency"}
)
_CONTACT = re.compile(r"@|www\.|https?:|^\+?\d[\d ()/-]{6,}$", re.IGNORECASE)
_POST_CODE = re.compile(
    r"(?:^|\s|-)"
    r"(?:\d{4} ?[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?:\s|$|,)"
)
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9][a-z0-9.-]*)\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A name a party may bear, and how likely, 0 to 1."""

    text: str
    tokens: tuple[Token, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Parties:
    """Names for both, best first, and the words that stand in the block of each."""

    sellers: tuple[NameCandidate, ...] = ()
    buyers: tuple[NameCandidate, ...] = ()
    seller_zone: frozenset[Token] = frozenset()
    buyer_zone: frozenset[Token] = frozenset()


def find_parties(printed: Printed, table: LineTable) -> Parties:
    """Find the blocks and names of seller and buyer."""
    sections = list(_sections(printed))
    buyers = [n for role, lines in sections if role == "buyer" for n in _section_names(printed, lines, 0.9)]
    buyer_zone = {t for role, lines in sections if role == "buyer" for s in lines for t in s.tokens}
    delivery_zone = {t for role, lines in sections if role == "ship_to" for s in lines for t in s.tokens}
    seller_zone = {t for role, lines in sections if role == "seller" for s in lines for t in s.tokens}
    window = _window(printed, table, buyer_zone | delivery_zone | seller_zone)
    if window and not buyers:
        buyers.extend(_section_names(printed, window, 0.6))
        buyer_zone |= {t for s in window for t in s.tokens}
    if not buyers:
        buyers.extend(
            n for role, lines in sections if role == "ship_to" for n in _section_names(printed, lines, 0.4)
        )
    buyer_names = {folded(name.text) for name in buyers[:3]}
    sellers = [n for role, lines in sections if role == "seller" for n in _section_names(printed, lines, 0.9)]
    sellers.extend(_free_sellers(printed, table, buyer_zone | delivery_zone, buyer_names))
    known = {folded(name.text) for name in buyers if name.score >= 0.85}
    sellers = [name for name in sellers if folded(name.text) not in known]
    return Parties(
        tuple(sorted(sellers, key=lambda n: -n.score)[:20]),
        tuple(sorted(buyers, key=lambda n: -n.score)[:20]),
        frozenset(seller_zone),
        frozenset(buyer_zone),
    )


# --- sections under a label -------------------------------------------------------------------------------


def _sections(printed: Printed) -> Iterator[tuple[str, list[Segment]]]:
    count = 0
    for labels in printed.labels.values():
        for label in labels:
            role = next((r for r in ("buyer", "ship_to", "seller") if r in label.keys), None)
            if role is None or not _heads_section(label):
                continue
            count += 1
            if count > 30:
                return
            lines = _section_lines(printed, label)
            if lines:
                yield role, lines


def _heads_section(label: Label) -> bool:
    """A section label begins its cell, and ends it or is closed by a colon."""
    segment = next(s for s in label.row.segments if any(t is label.tokens[0] for t in s.tokens))
    if segment.tokens[0] is not label.tokens[0]:
        return False
    with_colon = label.tokens[-1].text.endswith(":")
    after = label.row.tokens[label.end : label.end + 1]
    if after and after[0].text == ":":
        return True
    ends = segment.tokens[-1] is label.tokens[-1]
    short = len(label_fold("".join(t.text for t in label.tokens))) <= 4
    return with_colon or (ends and not short) or (ends and label.tokens[0].text[0].isupper())


def _section_lines(printed: Printed, label: Label) -> list[Segment]:
    row, height = label.row, max(4.0, label.tokens[0].height)
    right_limit = min(
        (
            other.left
            for other in printed.labels.get(row.index, ())
            if other.left > label.right and ({"buyer", "ship_to", "seller"} & other.keys.keys())
        ),
        default=float("inf"),
    )
    lines: list[Segment] = []
    inline = [t for t in row.tokens[label.end :] if t.text != ":" and t.left < right_limit]
    anchor = label.left
    if inline and inline[0].left - label.right < 12 * height and not _is_label_start(printed, row, inline[0]):
        segment = next(s for s in row.segments if any(t is inline[0] for t in s.tokens))
        tokens = tuple(t for t in segment.tokens if any(t is i for i in inline))
        lines.append(Segment(tokens, row.index, tokens[0].left, row.top, tokens[-1].right, row.bottom))
        anchor = tokens[0].left
    last = row
    for below in _next_rows(printed, row, _MAX_SECTION_ROWS + 4):
        if len(lines) >= _MAX_SECTION_ROWS or below.top - last.bottom > 2.2 * height:
            break
        here = [
            s
            for s in below.segments
            if s.left < right_limit - 1 and s.left >= anchor - 2 * height and s.left <= anchor + 10 * height
        ]
        centred = [s for s in below.segments if overlap(s.left, s.right, label.left, label.right) > 0]
        here = here or [s for s in centred if s.right < right_limit]
        if not here:
            continue
        segment = here[0]
        if any(
            other.tokens[0] is segment.tokens[0]
            and ({"buyer", "ship_to", "seller"} & other.keys.keys())
            and _heads_section(other)
            for other in printed.labels.get(below.index, ())
        ):
            break
        lines.append(segment)
        last = below
    return lines


def _next_rows(printed: Printed, row: Row, count: int) -> Iterator[Row]:
    for other in printed.layout.rows[row.index + 1 : row.index + 1 + count]:
        if other.page == row.page:
            yield other


def _is_label_start(printed: Printed, row: Row, token: Token) -> bool:
    return any(label.tokens[0] is token for label in printed.labels.get(row.index, ()))


def _section_names(printed: Printed, lines: Sequence[Segment], score: float) -> Iterator[NameCandidate]:
    """The first line that can be a name; what stands behind "Name:" before all."""
    for segment in lines[:6]:
        labels = printed.labels.get(segment.row, ())
        named = next((x for x in labels if "name" in x.keys and x.tokens[0] is segment.tokens[0]), None)
        if named:
            after = [t for t in named.row.tokens[named.end :] if t.text != ":"]
            right = [t for t in after if t.left - named.right < 30 * t.height]
            if right:
                yield _name(right[:_MAX_NAME_WORDS], min(1.0, score + 0.05))
                return
    for position, segment in enumerate(lines[:3]):
        tokens = _first_piece(segment.tokens)
        if _is_name_like(printed, segment, tokens):
            yield _name(tokens, score * (1.0 - 0.15 * position))
            return


def _name(tokens: Sequence[Token], score: float) -> NameCandidate:
    return NameCandidate(" ".join(t.text for t in tokens).strip(" ,;:|-"), tuple(tokens), score)


def _first_piece(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """What stands before the first separator: the name in "Name - Street 1 - City"."""
    for index, token in enumerate(tokens):
        if index and _SEPARATOR.match(token.text):
            return tuple(tokens[:index])
        if index >= 1 and token.text.endswith(",") and len(tokens) > index + 1:
            following = tokens[index + 1].text
            if not _LEGAL_FORM.match(following):
                return tuple(tokens[: index + 1])
    return tuple(tokens)


def _is_name_like(printed: Printed, segment: Segment, tokens: Sequence[Token]) -> bool:
    text = " ".join(t.text for t in tokens).strip(" ,;:")
    letters = sum(c.isalpha() for c in text)
    if not folded(_LEGAL_FORM.sub("", text)):
        return False
    if letters < 3 or len(tokens) > _MAX_NAME_WORDS or text.endswith(":") or _CONTACT.search(text):
        return False
    if sum(c.isdigit() for c in text) > 0.34 * letters or _POST_CODE.search(text + " "):
        return False
    if label_fold(text) in vocabulary() or country_code(text) or folded(text) in _FORMS_OF_ADDRESS:
        return False
    if not _LEGAL_FORM.search(text) and _STREET.search(text):
        return False
    if _starts_with_data(printed, segment, tokens):
        return False
    if any(m.start == segment_index(printed, segment) for m in printed.dates.get(segment.row, ())):
        return False
    first = tokens[0].text[:1]
    return first.isupper() or first.isdigit() or text.isupper() or first == "i" or len(tokens) == 1


def _starts_with_data(printed: Printed, segment: Segment, tokens: Sequence[Token]) -> bool:
    """Whether the line is a label with its value, such as "BIC INGBNL2A"."""
    for label in printed.labels.get(segment.row, ()):
        if label.tokens[0] is not tokens[0]:
            continue
        closed = label.tokens[-1].text.endswith(":") or segment.tokens[-1] is label.tokens[-1]
        rest = [t for t in tokens if t.left >= label.right]
        valued = any(c.isdigit() for t in rest for c in t.text)
        if _DATA_KEYS & label.keys.keys() and (closed or valued):
            return True
    return False


def segment_index(printed: Printed, segment: Segment) -> int:
    """Index in its row of the segment's first word."""
    row = printed.layout.rows[segment.row]
    return next(i for i, t in enumerate(row.tokens) if t is segment.tokens[0])


# --- the window of the envelope ---------------------------------------------------------------------------


def _window(printed: Printed, table: LineTable, taken: set[Token]) -> list[Segment] | None:
    """An unlabelled address block on the first page that is not the seller's."""
    best: tuple[float, list[Segment]] | None = None
    domains = _domains(printed, taken)
    for block in _first_page_blocks(printed):
        segments = [s for s in block.segments if s.row not in table.header_rows][:8]
        if not 2 <= len(segments) <= 8 or any(t in taken for s in segments for t in s.tokens):
            continue
        height = printed.layout.page_sizes[block.page][1]
        if block.top > 0.5 * height or not any(_POST_CODE.search(s.text + " ") for s in segments[1:6]):
            continue
        if not _is_name_like(printed, segments[0], _first_piece(segments[0].tokens)):
            continue
        flags = _flags(printed, segments)
        score = 1.0 - 0.5 * flags["contact"] - 0.6 * flags["vat"] - 1.0 * flags["bank"] - 0.6 * flags["legal"]
        score += 0.2 * (segments[0].left < 0.5 * printed.layout.page_sizes[block.page][0])
        score += 0.15 * (block.top > 0.12 * height)
        score -= 0.5 * _is_like_domain(segments[0].text, domains)
        if best is None or score > best[0]:
            best = (score, segments)
    return best[1] if best and best[0] > 0.5 else None


def _first_page_blocks(printed: Printed) -> list[Block]:
    first = printed.layout.rows[0].page if printed.layout.rows else 0
    return [block for block in printed.layout.blocks[:_MAX_SEGMENTS] if block.page == first]


def _flags(printed: Printed, segments: Sequence[Segment]) -> dict[str, bool]:
    """What a block has that tells whose it is."""
    flags = {"contact": False, "vat": False, "bank": False, "legal": False}
    for segment in segments:
        flags["contact"] |= any(_CONTACT.search(t.text) for t in segment.tokens)
        left, right = segment.left - 1, segment.right + 1
        for label in printed.labels.get(segment.row, ()):
            if left <= label.left <= right:
                flags["vat"] |= "vat_id" in label.keys and "buyer_vat_id" not in label.keys
                flags["legal"] |= "legal_id" in label.keys or "tax_number" in label.keys
                flags["contact"] |= "phone" in label.keys or "fax" in label.keys
        flags["vat"] |= any(left <= m.left <= right for m in printed.vat_ids.get(segment.row, ()))
        flags["bank"] |= any(left <= m.left <= right for m in printed.ibans.get(segment.row, ()))
    return flags


# --- the seller without a label ---------------------------------------------------------------------------


def _free_sellers(
    printed: Printed, table: LineTable, taken: set[Token], buyer_names: set[str]
) -> Iterator[NameCandidate]:
    rows = printed.layout.rows
    if not rows:
        return
    domains = _domains(printed, taken)
    folded_rows = [folded(row.text) for row in rows[:600]]
    in_table = table.row_indexes
    seen: Counter[str] = Counter()
    flags_of = {
        segment.tokens[0]: flags
        for block in printed.layout.blocks[:_MAX_SEGMENTS]
        if (flags := _flags(printed, block.segments[:10]))
        for segment in block.segments
    }
    ordinary = printed.layout.text_height
    for row in rows[:_MAX_SEGMENTS]:
        if row.index in in_table:
            continue
        page_height = printed.layout.page_sizes[row.page][1]
        for segment in _names_together(row, ordinary):
            if any(t in taken for t in segment.tokens):
                continue
            tokens = _first_piece(segment.tokens)
            if not _is_name_like(printed, segment, tokens):
                continue
            text = " ".join(t.text for t in tokens).strip(" ,;:|-")
            key = folded(text)
            if key in buyer_names or seen[key] > 2:
                continue
            seen[key] += 1
            score = _seller_score(
                text,
                is_piece=len(tokens) < len(segment.tokens),
                relative_top=row.middle / page_height,
                size=segment.height / ordinary,
                flags=flags_of.get(segment.tokens[0], {}),
                repeats=sum(key in other for other in folded_rows) if len(key) >= 5 else 1,
                domains=domains,
                first_page=row.page == rows[0].page,
            )
            if score > 0.05:
                yield _name(tokens, min(0.88, score))
    yield from _account_holders(printed)


def _names_together(row: Row, ordinary: float) -> Iterator[Segment]:
    """The segments of a row, those of a widely set name joined: large print, or a legal form that follows."""
    run: list[Token] = []
    for segment in row.segments[:20]:
        gap = segment.left - run[-1].right if run else 0.0
        is_large = bool(run) and min(segment.height, run[-1].height) > 1.25 * ordinary
        is_form = bool(_LEGAL_FORM.fullmatch(segment.tokens[0].text.strip(",")))
        if run and gap < 2.0 * segment.height and (is_large or is_form):
            run.extend(segment.tokens)
            continue
        if run:
            yield segment_of(run, row.index)
        run = list(segment.tokens)
    if run:
        yield segment_of(run, row.index)


def _account_holders(printed: Printed) -> Iterator[NameCandidate]:
    for label, _ in printed.labels_named("account_holder"):
        after = [t for t in label.row.tokens[label.end :] if t.text != ":"][:_MAX_NAME_WORDS]
        segment = [t for t in after if t.left - label.right < 20 * t.height]
        if segment and segment[0].text[:1].isupper():
            piece = _first_piece(segment)
            yield _name(piece, 0.45 + 0.2 * bool(_LEGAL_FORM.search(" ".join(t.text for t in piece))))


def _domains(printed: Printed, taken: set[Token]) -> list[str]:
    found: list[str] = []
    for row in printed.layout.rows[:_MAX_SEGMENTS]:
        for token in row.tokens[:40]:
            if token in taken or "." not in token.text or len(token.text) > 80:
                continue
            match = _DOMAIN.search(token.text)
            if match:
                core = folded(match[1].split(".")[-1])
                if len(core) >= 4 and core not in (
                    "gmail",
                    "hotmail",
                    "outlook",
                    "example",
                    "yahoo",
                    "icloud",
                ):
                    found.append(core)
    return found[:20]


def _is_like_domain(text: str, domains: Sequence[str]) -> bool:
    """Whether the name is that of a web or mail address on the page, which may be shortened."""
    bare = folded(_LEGAL_FORM.sub("", text)) or folded(text)
    if len(bare) < 4:
        return False
    return any(
        max(fuzz.ratio(bare, domain), fuzz.partial_ratio(bare, domain) - 8 if len(bare) >= 6 else 0) >= 85
        for domain in domains
    )


def _seller_score(
    text: str,
    *,
    is_piece: bool,
    relative_top: float,
    size: float,
    flags: dict[str, bool],
    repeats: int,
    domains: Sequence[str],
    first_page: bool,
) -> float:
    """How likely a name is the seller's, from everything that speaks for it."""
    score = 0.0
    legal = _LEGAL_FORM.search(text)
    if legal:
        score += 0.3
    score += 0.35 * _is_like_domain(text, domains)
    score += min(0.3, 0.13 * (repeats - 1))
    score += 0.18 * flags.get("vat", False) + 0.12 * flags.get("bank", False)
    score += 0.12 * flags.get("contact", False) + 0.12 * flags.get("legal", False)
    if relative_top < 0.25 and first_page:
        score += 0.12 + (0.2 if size > 1.35 else 0.0)
    if is_piece and (relative_top < 0.3 or relative_top > 0.8):
        score += 0.15
    words = text.split()
    if sum(w[:1].islower() for w in words) > max(1, len(words) / 2):
        score -= 0.3
    if len(words) == 1 and not legal:
        score -= 0.05
    return score
