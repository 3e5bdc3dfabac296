"""Shares as one would compute them on paper: recursion over lots, in fractions. The slow twin of `passing`."""

from fractions import Fraction
from functools import cache


def exact_shares(genealogy):
    """Shares of each lot in fractions, [lot][class]."""
    g = genealogy

    @cache
    def of_event(event):
        ins = range(g.in_start[event], g.in_start[event + 1])
        sources = range(g.source_start[event], g.source_start[event + 1])
        total_in = sum(Fraction(g.in_mass[i]) for i in ins) + sum(Fraction(g.source_mass[i]) for i in sources)
        out = range(g.out_start[event], g.out_start[event + 1])
        total_out = sum(Fraction(g.out_mass[i]) for i in out) + Fraction(g.loss[event])
        total = max(total_in, total_out)
        pooled = [Fraction(0)] * g.classes
        if g.relabel[event] >= 0:
            pooled[g.relabel[event]] = total
            ins = sources = ()
        for i in ins:
            if g.in_lot[i] >= 0:
                before = of_lot(int(g.in_lot[i]))
                pooled = [p + Fraction(g.in_mass[i]) * b for p, b in zip(pooled, before, strict=True)]
        for i in sources:
            if g.source_class[i] >= 0:
                pooled[g.source_class[i]] += Fraction(g.source_mass[i])
        return [p / total if total else Fraction(0) for p in pooled]

    makers = {int(g.out_lot[i]): e for e in range(len(g)) for i in range(g.out_start[e], g.out_start[e + 1])}

    def of_lot(lot):
        return of_event(makers[lot]) if lot in makers else [Fraction(0)] * g.classes

    return [of_lot(lot) for lot in range(g.lots)]
