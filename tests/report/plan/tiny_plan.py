"""A tiny plan over the tutorial: two measures in effect, one that waits, one that is not adopted."""

FILE = """
cesim: 1
extends: tutorial
name: {ja: 試し, en: trial}
years: {start: 2024, end: 2028}
report: {years: [2026, 2028]}
targets:
  first:
    {name: {ja: 一, en: one}, indicator: h1_horizontal_rate_6xxx, year: 2028, value: {value: 0.1, status: given},
     unit: share, legal: false, scope: focus}
  ghg:
    {name: {ja: 二, en: two}, indicator: ghg, year: 2028, value: {value: 1, status: given}, unit: t CO2e,
     direction: at_most, legal: false, scope: japan}
plan:
  base_year: 2025
  until: 2040
  discount: {value: 0.04, low: 0.02, high: 0.06, status: estimate}
  adopted: [hoods, line, late]
  measures:
    hoods:
      name: {ja: ボンネット, en: hoods}
      pillar: chain
      horizon: short
      material: aluminium
      actor: dismantlers
      start: 2026
      changes:
        taken: {path: parts.hood.taken, how: fill, amount: 0.5}
        known: {path: dismantling.identified, how: fill, amount: 0.6}
        used: {path: remelting.alloys.6016.approved, how: fill, amount: 0.5}
      investment: {value: 2.0e9, low: 1.0e9, high: 4.0e9, unit: JPY, status: estimate}
      life: 8
      subsidy: {rate: 0.5}
      jobs: 40
      minutes: 6
      published: true
      source: invented for this test
    line:
      name: {ja: 選別, en: line}
      pillar: making
      horizon: short
      material: aluminium
      actor: sorters
      start: 2027
      ramp: {years: 2}
      changes: {share: {path: sorting.share, how: set, amount: {value: 0.5, low: 0.3, high: 0.7, status: estimate}}}
      investment: {value: 3.0e9, low: 2.0e9, high: 4.5e9, unit: JPY, status: estimate}
      running: {value: 4.0e8, low: 2.0e8, high: 8.0e8, unit: JPY/year, status: estimate}
      published: false
    late:
      name: {ja: 待ち, en: waits}
      pillar: making
      horizon: short
      material: aluminium
      actor: metal
      start: 2027
      needs: [spare]
      running: 5.0e8
      published: false
    spare:
      name: {ja: 予備, en: spare}
      pillar: design
      horizon: short
      material: aluminium
      actor: oem
      start: 2027
      published: false
"""
DRAWS = 12
