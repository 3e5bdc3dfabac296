"""A credit account: eligible matter is paid in, claims are paid out, and it is never overdrawn.

Everything is counted exactly: masses in whole milligrams, credits in fractions of them. In each period::

    opening + credited = used + expired + closing

and over all of them, with an account that began empty, ``eligible matter x factor = used + expired + closing``.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from operator import index
from typing import TYPE_CHECKING

from cesim.trace.custody.faults import refuse
from cesim.trace.custody.register import Register

if TYPE_CHECKING:
    from collections.abc import Hashable

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Line:
    """What happened in an account in one period; mg."""

    period: int
    opening: Fraction
    """What was there when the period before ended."""
    credited: Fraction
    """Eligible matter that came in x conversion factor."""
    used: Fraction
    """Claims that were granted."""
    expired: Fraction
    """Credits that could no longer be used when the period began."""
    refused: Fraction
    """Claims that were asked for and not granted."""
    closing: Fraction

    @property
    def residual(self) -> Fraction:
        """What is left over of the identity of the account: exactly zero."""
        return self.opening + self.credited - self.used - self.expired - self.closing


@dataclass(slots=True)
class _Parcel:
    """Credits of one deposit that are still there."""

    period: int
    document: Hashable
    left: Fraction


class Account:
    """An account of credits, used in the order in which they came in (first in, first out).

    Parameters
    ----------
    factor
        Conversion factor, 0 to 1: credits for each unit of eligible matter.
    life
        Periods in which a credit can be used, that of its deposit included; None for ever.
    register, scheme
        Where documents are entered, and under which scheme; a register of its own where none is given.
    """

    def __init__(
        self, factor: Fraction, life: int | None = None, register: Register | None = None, scheme: str = ""
    ) -> None:
        if life is not None and life < 1:
            raise refuse("custody_term_count", "life", found=str(life))
        self.factor, self.life, self.scheme = _factor(factor), life, scheme
        self.register = Register() if register is None else register
        self.balance = _NONE
        """Credits that may be used now, mg."""
        self._parcels: deque[_Parcel] = deque()
        self._lines: list[Line] = []
        self._period: int | None = None
        self._opening = self._credited = self._used = self._expired = self._refused = _NONE

    def begin(self, period: int) -> None:
        """Begin a period: the one before is closed, and what has become too old is struck off.

        Raises
        ------
        InputError
            ``credit_period_back``
        """
        if self._period is not None:
            if period == self._period:
                return
            if period < self._period:
                raise refuse("credit_period_back", str(period), found=period, before=self._period)
            self._lines.append(self._line())
        self._period, self._opening = period, self.balance
        self._credited = self._used = self._expired = self._refused = _NONE
        while self.life is not None and self._parcels and self._parcels[0].period + self.life <= period:
            old = self._parcels.popleft().left
            self._expired += old
            self.balance -= old

    def deposit(self, mass_mg: int, period: int, document: Hashable = None, factor: Fraction | None = None) -> Fraction:
        """Pay in eligible matter; return the credits for it.

        Parameters
        ----------
        document
            What proves it, such as the number of an input lot; entered in the register where it is given.
        factor
            Conversion factor of whoever pays in, where the account has several owners; otherwise that of the account.

        Raises
        ------
        InputError
            ``credit_mass``, ``credit_period_back``, ``credit_entered_twice``; the account is as before.
        """
        credit = _mass(mass_mg) * (self.factor if factor is None else _factor(factor))
        if self._period is not None and period < self._period:
            raise refuse("credit_period_back", str(period), found=period, before=self._period)
        if document is not None:
            self.register.enter(document, credit, self.scheme)
        self.begin(period)
        if credit:
            self._parcels.append(_Parcel(period, document, credit))
        self._credited += credit
        self.balance += credit
        return credit

    def claim(self, mass_mg: int, period: int, whole: bool = False) -> int:
        """Ask for credits; return how many whole mg are granted, never more than are there.

        With `whole` it is all or nothing. Raises as `deposit`.
        """
        asked = _mass(mass_mg)
        self.begin(period)
        granted = min(asked, int(self.balance))
        if whole and granted < asked:
            granted = 0
        self._take(Fraction(granted))
        self._refused += asked - granted
        return granted

    def statement(self) -> tuple[Line, ...]:
        """Return what happened, by period, the present one included."""
        return (*self._lines, self._line()) if self._period is not None else ()

    def _take(self, amount: Fraction) -> None:
        self.balance -= amount
        self._used += amount
        while amount:
            oldest = self._parcels[0]
            part = min(amount, oldest.left)
            if oldest.document is not None:
                self.register.retire(oldest.document, part, self.scheme)
            oldest.left -= part
            amount -= part
            if not oldest.left:
                self._parcels.popleft()

    def _line(self) -> Line:
        assert self._period is not None
        return Line(
            self._period, self._opening, self._credited, self._used, self._expired, self._refused, self.balance
        )  # fmt: skip


def _factor(factor: Fraction) -> Fraction:
    if not (isinstance(factor, Fraction | int) and 0 <= factor <= 1):
        raise refuse("custody_term_share", "factor", found=str(factor))
    return Fraction(factor)


def _mass(mass_mg: int) -> int:
    """Return a mass as a whole number not below zero."""
    try:
        whole = index(mass_mg)
    except TypeError:
        raise refuse("credit_mass", "", found=str(mass_mg)) from None
    if whole < 0 or isinstance(mass_mg, bool):
        raise refuse("credit_mass", "", found=str(mass_mg))
    return whole
