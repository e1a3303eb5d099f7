"""Population, workforce, workload and the gap between them: arrays and frames in, frames out.

Where to look, in the order in which data flows:

- population: `population` (the cohort-component kernel), `ratios` (recovered from published
  points), `life_table`, `assumption_table` and `migration` (what splits or replaces them),
  `scenario_population` (frames in, frames out), `totals` (raking, whole numbers), `between` (years
  between points), `groups` and `paths` (what drives work), `cohorts`, `backtest`, `error_model`.
- staff: `workforce` (one year after the other), `flow_records` and `rates` (estimated from
  records), `rate_table`, `moments` (how far chance carries staff).
- work: `workload` (hours to come), `drivers` (which population causes which work), `scope` (which
  staff stands against which work).
- the gap: `scenario` and `scenario_file` (assumptions), `asked`, `cells`, `followed` and `inputs`
  (from metrics to arrays), `expectation`, `uncertainty`, `waterfall`, `closing`, and `gap`, which
  puts them together; `frames` and `notes` say what came out.
"""
