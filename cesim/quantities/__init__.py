"""Numbers that know their range and their source, and the keyed draws made from them.

The rules of this room. Code and tests cite them by number; "the same" means bit for bit.

Q1  `value` is the best estimate; `low` and `high` are the 5th and 95th percentile, unless
    ``range='bounds'`` makes them the ends of what is possible.
Q2  Without a named distribution, a range of percentiles means: a share is logit-normal, a
    positive quantity lognormal, a real number triangular.
Q3  Normal, lognormal and logit-normal are two-piece normals on the real line, in ``log`` and in
    ``logit``: the median is `value`, the 5th percentile `low`, the 95th `high`, each side with its
    own spread, so a lopsided range stays lopsided.
Q4  Where `low`, `value` or `high` of a share is 0 or 1, or of a positive quantity is 0, the
    transform of Q3 does not exist: the default law is then triangular with `low` and `high` as its
    ends. A distribution that was *named* and cannot hold is refused instead.
Q5  ``range='bounds'`` is triangular with its mode at `value`, or uniform when named.
Q6  A triangular law over percentiles has its mode at `value` and ends such that 5 % lies below
    `low` and 5 % above `high`. If an end leaves the support of the kind, the quantity is refused;
    nothing is ever clipped.
Q7  A named distribution is refused where it could leave the kind's support (normal for a share or
    a positive quantity, lognormal for a share) or does not fit the sort of range (uniform needs
    bounds; normal, lognormal and logit-normal have none).
Q8  Without a range, with ``dist='fixed'``, or with ``low == high``, every draw is `value`. A number
    that is unverified or an estimate must have a range.
Q9  A quantile depends on the quantity and its own ``u`` alone, the same in any array.
Q10 Draw *i* of a stream depends on the seed, the stream's name and *i* alone; it lies strictly
    between 0 and 1.
Q11 Shares that must add to one are Dirichlet with their best estimates as means; one concentration
    is chosen so that the median relative spread of the shares that carry a range is the declared one;
    a share of zero stays zero.
Q12 Between two knots of a time path every quantile runs in a straight line; outside the knots it is
    constant.
Q13 One draw holds for all years, unless the path is AR(1). Its chain starts at the year 2000
    and runs forwards and backwards from there, so neither the horizon, nor the years asked for,
    nor the knots change the luck of a year.
Q14 Declared correlations are those of a Gaussian copula, in the declared order; a stream correlated
    with none before it is passed on the same.
Q15 A unit converts inside its dimension only. A year is 365.25 days.
Q16 With margins spread normally around their mean, the share of jobs worth doing is
    ``Phi(margin / spread)``; without spread it is a step with one half at zero.
Q17 A value has a probability where its law has a range and reaches it: the number in (0, 1) whose quantile comes
    nearest. It is the value itself wherever some number in (0, 1) leads there; above the median these lie
    1.1e-16 apart, so that far up a law a value is met to some of its last digits only.
Q18 Shares that add to one have many probabilities; of all, those are taken whose gamma variates add to the
    concentration. A drawn share that is taken back and drawn again is the same but for rounding, its
    probabilities are not.
"""

from cesim.quantities.correlation import Correlation
from cesim.quantities.curves import ramp, share_curve
from cesim.quantities.distribution import Law, ppf
from cesim.quantities.faults import QuantityError
from cesim.quantities.inverse import LawOfYear
from cesim.quantities.inverse_shares import LawOfShares
from cesim.quantities.quantity import Quantity
from cesim.quantities.series import TimePath
from cesim.quantities.simplex import dirichlet, matching_concentration
from cesim.quantities.streams import DrawSource, KeyedSource, TableSource, UniformSource, uniforms
from cesim.quantities.units import Unit, convert, unit_named, units_of

__all__ = [
    "Correlation",
    "DrawSource",
    "KeyedSource",
    "Law",
    "LawOfShares",
    "LawOfYear",
    "Quantity",
    "QuantityError",
    "TableSource",
    "TimePath",
    "UniformSource",
    "Unit",
    "convert",
    "dirichlet",
    "matching_concentration",
    "ppf",
    "ramp",
    "share_curve",
    "uniforms",
    "unit_named",
    "units_of",
]
