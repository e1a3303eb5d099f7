-- One row per area × year of the table × sex × age: mortality, survivors and person-years lived of
-- a life table, each null where the file does not tell. Area 000000 is the nation; `age` is the
-- first age of the row, which goes to the next one's.
SELECT
    area,
    table_year,
    sex,
    age_from AS age,
    mortality,
    survivors,
    person_years,
    source_sha256
FROM lake_life_table
