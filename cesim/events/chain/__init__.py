"""The chain of end-of-life cars, lot by lot: dismantlers, shredders, sorters, casthouses, press shops, compounders.

It is given plain arrays (`plan`), for one year at a time, and knows nothing of scenarios or of the balance.
"""
