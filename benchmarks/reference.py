"""The reference loop that timings are divided by, so that figures of different machines can be compared.

Pure Python, one thread, no I/O: 100,000 imaginary invoices of 3 lines. It never changes: every published
figure is relative to it.
"""

from __future__ import annotations

import statistics
import time
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
VAT = Decimal("0.21")


def ref_once(n: int = 100_000) -> dict[int, Decimal]:
    """Run the loop once; the ledger that it makes adds up to zero."""
    ledger: dict[int, Decimal] = {}
    for i in range(n):
        total = Decimal(0)
        for j in range(3):
            qty = Decimal(1 + (i * 7 + j) % 12)
            price = Decimal(100 + (i * 31 + j * 17) % 9900) / 100
            net = (qty * price).quantize(CENT, ROUND_HALF_UP)
            vat = (net * VAT).quantize(CENT, ROUND_HALF_UP)
            acc = 4000 + (i + j) % 40
            ledger[acc] = ledger.get(acc, Decimal(0)) + net
            ledger[1520] = ledger.get(1520, Decimal(0)) + vat
            total += net + vat
        ledger[1600] = ledger.get(1600, Decimal(0)) - total
    assert sum(ledger.values()) == 0
    return ledger


def ref_seconds(repeats: int = 3) -> float:
    """Seconds that the loop takes here and now: the median of so many runs."""
    out = []
    for _ in range(repeats):
        begun = time.perf_counter()
        ref_once()
        out.append(time.perf_counter() - begun)
    return statistics.median(out)
