"""CMP, the platform for chemicals and circularity of products, as its public requirements of March 2024 read.

Public: companies register products and what they are made of; whoever buys a product asks for its composition; requests
may be forwarded up the chain by themselves; a reach check says whether a request came to the first article and through
how many companies, and never which. Our reading: one request a product and asker at a time, forwarding at the second of
the receipt, and whole numbers of milligrams. No claim of compatibility: no schema is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.text import nearest
from cesim.trace.platforms.exchange import Exchange, Traffic
from cesim.trace.platforms.faults import refuse
from cesim.trace.platforms.products import LEVELS, MISC, Declaration, worst

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a request came; no names."""

    first_article: bool
    companies: int


@dataclass(slots=True)
class _Request:
    asker: str
    exchange: Exchange
    forwarded: list[int]
    product: str


class Cmp:
    """Companies' declarations, and the requests between companies.

    Parameters
    ----------
    deemed_s
        Seconds after which an answer that nobody looked at counts as approved.
    """

    def __init__(self, deemed_s: int) -> None:
        self.deemed_s = deemed_s
        self.traffic = Traffic()
        self._products: dict[str, Declaration] = {}
        self._requests: list[_Request] = []

    # products

    def register(self, declared: Declaration) -> None:
        """Enter a product or a new version of it; what it is made of has to be there.

        Raises
        ------
        InputError
            ``product_unknown``, ``product_level`` where a part is made of products or something of itself,
            ``product_mass`` where what it is made of is heavier or lighter than itself, ``product_version`` for one
            that is not newer, ``product_owner`` for one of another company.
        """
        where = f"{declared.company} {declared.number}"
        held = self._products.get(declared.number)
        if held is not None and held.company != declared.company:
            raise refuse("product_owner", where, found=declared.number)
        if held is not None and declared.version <= held.version:
            raise refuse("product_version", where, found=declared.version, now=held.version)
        made_of = [(self.product(use.product), use.count) for use in declared.uses]
        for child, _ in made_of:
            above = LEVELS.index(child.level) < LEVELS.index(declared.level)
            if above or any(one.number == declared.number for one, _ in self._within(child.number, 1)):
                raise refuse("product_level", where, found=child.number)
        total = sum(child.mass_mg * count for child, count in made_of)
        if made_of and total != declared.mass_mg:
            raise refuse("product_mass", where, found=total, wanted=declared.mass_mg)
        self._products[declared.number] = declared

    def product(self, number: str) -> Declaration:
        """Return what is registered of a product.

        Raises
        ------
        InputError
            ``product_unknown`` with the nearest number.
        """
        if number not in self._products:
            raise refuse("product_unknown", "cmp", found=number, nearest=nearest(number, self._products))
        return self._products[number]

    def says(self, number: str, substance: str, *, regulated: bool = False) -> str:
        """Return what is known of a substance in a product and all it is made of: the worst value."""
        return worst(one.says(substance, regulated=regulated) for one, _ in self._within(number, 1))

    def content(self, number: str, substance: str, asker: str) -> tuple[int, int]:
        """Return the least and the most of a substance that a product may hold, mg, as an asker may see it.

        What is left without a name may be it or not; so may all of a material that the asker may not see.
        """
        least = most = 0
        for one, count in self._within(number, 1):
            if one.uses:
                continue
            if one.disclosed_to is not None and asker not in (*one.disclosed_to, one.company):
                most += one.mass_mg * count
                continue
            masses = {part.name: part.mass_mg for part in (one if asker == one.company else one.shown()).substances}
            least += masses.get(substance, 0) * count
            most += (masses.get(substance, 0) + masses.get(MISC, 0)) * count
            most += 0 if one.substances else one.mass_mg * count
        return least, most

    def _within(self, number: str, count: int) -> Iterator[tuple[Declaration, int]]:
        """A product and all it is made of, each with how many of it there are."""
        todo = [(number, count)]
        while todo:
            name, times = todo.pop()
            one = self.product(name)
            yield one, times
            todo += [(use.product, times * use.count) for use in one.uses]

    # requests

    def ask(self, asker: str, number: str, second: int, due_s: int | None = None) -> int:
        """Ask for the composition of a product; return the number of the request."""
        self.product(number)
        self._requests.append(_Request(asker, Exchange(number, second, self.deemed_s, due_s, self.traffic), [], number))
        return len(self._requests) - 1

    def exchange(self, request: int) -> Exchange:
        """Return how a request stands, for its two sides.

        Raises
        ------
        InputError
            ``request_unknown``.
        """
        return self._request(request).exchange

    def accept(self, request: int, second: int, promised_s: int, *, forward: bool = True) -> list[int]:
        """Accept a request with a date; with `forward`, ask for all that comes from other companies."""
        held = self._request(request)
        held.exchange.accept(second, promised_s)
        one = self.product(held.product)
        if forward:
            others = [use.product for use in one.uses if self.product(use.product).company != one.company]
            held.forwarded = [self.ask(one.company, number, second, promised_s) for number in others]
            self.traffic.forwarded += len(others)
        return list(held.forwarded)

    def reach(self, request: int) -> Reach:
        """Return how far a request came, for whoever asked; never who the companies are."""
        companies, first, todo = set(), False, [request]
        while todo:
            held = self._request(todo.pop())
            one = self.product(held.product)
            companies.add(one.company)
            first |= any(part.first_article for part in self._own(one))
            todo += held.forwarded
        return Reach(first, len(companies))

    def remind_all(self, now: int) -> int:
        """Remind of every request that is overdue; return how many."""
        late = [
            held.exchange
            for held in self._requests
            if held.exchange.state(now) in ("requested", "accepted", "returned")
            and (held.exchange.due_s or now + 1) <= now
        ]
        for exchange in late:
            exchange.remind(now)
        return len(late)

    def _own(self, one: Declaration) -> Iterator[Declaration]:
        """A product, and what of it the same company makes."""
        yield one
        for use in one.uses:
            child = self.product(use.product)
            if child.company == one.company:
                yield from self._own(child)

    def _request(self, number: int) -> _Request:
        if not 0 <= number < len(self._requests):
            raise refuse("request_unknown", "cmp", found=number)
        return self._requests[number]
