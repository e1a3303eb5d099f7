-- One row per file × reason for which rows of it are held back: the rows. A reason is a rule and
-- the column it looks at; its words are those of one of its messages, which may name a row's own
-- values. A row held for two reasons counts under both.
WITH held AS (
    SELECT DISTINCT
        held.source_sha256,
        held.sheet,
        held.source_row,
        held.rule || '/' || COALESCE(held.column, '') AS held_reason
    FROM meta_quarantine AS held
),

worded AS (
    SELECT
        held.rule || '/' || COALESCE(held.column, '') AS held_reason,
        min(held.message_ja) AS reason_ja,
        min(held.message_en) AS reason_en
    FROM meta_quarantine AS held
    GROUP BY held.rule || '/' || COALESCE(held.column, '')
)

SELECT
    file.source_sha256,
    file.source,
    file.municipality,
    file.month,
    file.fiscal_year,
    file.period_from,
    file.period_to,
    file.as_of,
    held.held_reason,
    worded.reason_ja,
    worded.reason_en,
    count(*) AS rows_held
FROM held
INNER JOIN mart_quality_file AS file ON held.source_sha256 = file.source_sha256
INNER JOIN worded ON held.held_reason = worded.held_reason
GROUP BY
    file.source_sha256,
    file.source,
    file.municipality,
    file.month,
    file.fiscal_year,
    file.period_from,
    file.period_to,
    file.as_of,
    held.held_reason,
    worded.reason_ja,
    worded.reason_en
