"""Accounts of credits: exact, never overdrawn, nothing counted twice."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.trace.custody.account import Account
from cesim.trace.custody.register import Register

MASS = st.integers(0, 10**15)
MOVES = st.lists(st.tuples(st.sampled_from(["deposit", "claim", "whole"]), st.integers(0, 3), MASS), max_size=40)
FACTOR = st.fractions(0, 1, max_denominator=1000)


def played(moves, factor, life):
    """Play moves on an account; return it, what was paid in and what was granted."""
    account, period, came, granted = Account(factor, life), 0, 0, 0
    for kind, later, mass in moves:
        period += later
        if kind == "deposit":
            account.deposit(mass, period)
            came += mass
        else:
            before = account.balance
            got = account.claim(mass, period, whole=kind == "whole")
            assert 0 <= got <= min(mass, before)
            assert got in (0, mass) or kind == "claim"
            granted += got
        assert account.balance >= 0
    return account, came, granted


@given(MOVES, FACTOR, st.none() | st.integers(1, 5))
def test_no_sequence_overdraws_an_account_and_every_credit_is_somewhere(moves, factor, life):
    account, came, granted = played(moves, factor, life)
    lines = account.statement()
    assert [line.residual for line in lines] == [0] * len(lines)
    assert [line.opening for line in lines[1:]] == [line.closing for line in lines[:-1]]
    closing = lines[-1].closing if lines else 0
    assert came * factor == granted + sum(line.expired for line in lines) + closing
    assert sum(line.used for line in lines) == granted


@given(MOVES, FACTOR, st.none() | st.integers(1, 5))
def test_an_account_does_what_a_list_of_milligrams_would(moves, factor, life):
    """The slow twin: all deposits in a list, searched from the oldest."""
    account, deposits, period = Account(factor, life), [], 0
    for kind, later, mass in moves:
        period += later
        there = [one for one in deposits if life is None or period - one[0] < life]
        if kind == "deposit":
            account.deposit(mass, period)
            deposits.append([period, mass * factor])
            continue
        got = min(mass, int(sum(one[1] for one in there)))
        got = 0 if kind == "whole" and got < mass else got
        assert account.claim(mass, period, whole=kind == "whole") == got
        for one in there:
            part = min(got, one[1])
            one[1] -= part
            got -= part


def test_the_oldest_credits_go_first():
    # 10 of period 0 and 10 of period 1, life 2; 10 are used in period 1, so in period 2 only the younger 10 are left
    account = Account(Fraction(1), 2)
    account.deposit(10, 0)
    account.deposit(10, 1)
    assert account.claim(10, 1) == 10
    assert account.claim(99, 2) == 10
    assert account.statement()[-1].expired == 0


def test_credits_can_be_used_in_the_last_period_of_their_life_and_no_later():
    for period, wanted in ((2, 10), (3, 0)):
        account = Account(Fraction(1), 3)
        account.deposit(10, 0)
        assert account.claim(10, period) == wanted


def test_a_third_of_a_milligram_is_kept_and_not_granted():
    account = Account(Fraction(1, 3))
    account.deposit(10, 0)
    assert account.claim(10, 0) == 3
    assert account.balance == Fraction(1, 3)
    account.deposit(2, 0)
    assert account.claim(10, 0) == 1


def test_a_slip_that_comes_twice_is_refused_and_changes_nothing():
    account = Account(Fraction(1), scheme="A")
    account.deposit(10, 0, document="slip 7")
    with pytest.raises(InputError) as caught:
        account.deposit(10, 1, document="slip 7")
    assert caught.value.faults[0].code == "credit_entered_twice"
    assert account.balance == 10
    assert len(account.statement()) == 1


def test_two_schemes_cannot_count_the_same_slip():
    register = Register()
    Account(Fraction(1), register=register, scheme="EU").deposit(10, 0, document="slip 7")
    with pytest.raises(InputError) as caught:
        Account(Fraction(1), register=register, scheme="Japan").deposit(10, 0, document="slip 7")
    assert caught.value.faults[0].arguments == {"found": "Japan", "before": "EU"}


def test_what_is_claimed_is_retired_in_the_register():
    register = Register()
    account = Account(Fraction(1, 2), register=register, scheme="A")
    account.deposit(10, 0, document="slip 7")
    account.deposit(10, 0, document="slip 8")
    account.claim(7, 0)
    assert (register.left("slip 7"), register.left("slip 8")) == (0, 3)


@pytest.mark.parametrize(
    ("document", "amount", "scheme", "code"),
    [
        ("slip 7", 11, "A", "credit_retired_twice"),
        ("slip 7", 1, "B", "credit_of_other_scheme"),
        ("slip 8", 1, "A", "credit_unknown"),
    ],
)
def test_credits_that_cannot_be_retired(document, amount, scheme, code):
    register = Register()
    register.enter("slip 7", Fraction(10), "A")
    with pytest.raises(InputError) as caught:
        register.retire(document, Fraction(amount), scheme)
    assert caught.value.faults[0].code == code
    assert register.left("slip 7") == 10


def test_credits_are_retired_once():
    register = Register()
    register.enter("slip 7", Fraction(10), "A")
    register.retire("slip 7", Fraction(10), "A")
    with pytest.raises(InputError, match="once more"):
        register.retire("slip 7", Fraction(1), "A")


@pytest.mark.parametrize("mass", [-1, 1.5, "1", None, True])
def test_masses_that_are_none(mass):
    account = Account(Fraction(1))
    for move in (account.deposit, account.claim):
        with pytest.raises(InputError) as caught:
            move(mass, 0)
        assert caught.value.faults[0].code == "credit_mass"
    assert account.statement() == ()


def test_a_period_that_is_over():
    account = Account(Fraction(1))
    account.deposit(10, 3)
    for move in (account.deposit, account.claim):
        with pytest.raises(InputError) as caught:
            move(1, 2)
        assert caught.value.faults[0].code == "credit_period_back"
    assert account.balance == 10


@pytest.mark.parametrize(("factor", "life"), [(Fraction(3, 2), 1), (Fraction(-1), 1), (0.5, 1), (Fraction(1), 0)])
def test_accounts_that_cannot_be(factor, life):
    with pytest.raises(InputError):
        Account(factor, life)
