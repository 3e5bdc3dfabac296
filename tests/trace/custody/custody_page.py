"""The flow of docs/custody.md."""

import numpy as np
from custody_flows import flow


def compounder():
    """Three months of a compounder: 100 t in and 90 t out in each; the records of one purchase are wrong.

    In the second month 10 t of moulding scrap of other industries were sold as plastics from vehicles; where they come
    from is not certain. All else is known.
    """
    elv, chemical, mould = {"post_elv": 1.0}, {"chemical": 1.0}, {"pre_other": 1.0}
    virgin = {"primary": 1.0}
    known = [(0, 20, chemical), (0, 80, virgin), (1, 10, elv), (1, 80, virgin), (2, 30, elv), (2, 70, virgin)]
    inputs = [(0, month, tonnes, what, what, what) for month, tonnes, what in known]
    inputs.append((0, 1, 10, mould, elv, {}))
    first = {"chemical": 0.2, "primary": 0.8}
    true = {"post_elv": 0.1, "pre_other": 0.1, "primary": 0.8}
    said = {"post_elv": 0.2, "primary": 0.8}
    certain = {"post_elv": 0.1, "primary": 0.8}
    third = {"post_elv": 9 / 72, "primary": 63 / 72}
    outputs = [
        (0, 0, 90, first, first, first),
        (0, 1, 90, true, said, certain),
        (0, 2, 8, elv, elv, elv),
        (0, 2, 10, elv, elv, elv),
        (0, 2, 72, third, third, third),
    ]
    return flow(outputs, inputs, single=np.array([False, False, True, False, False]))
