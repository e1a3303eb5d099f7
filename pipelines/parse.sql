-- How written text becomes typed values. Each macro takes text and gives null where it cannot be
-- read; the caller tells "blank" from "unreadable" by looking at mado_clean of the same text.

-- Text without spaces around it; null where nothing is left.
CREATE OR REPLACE MACRO mado_clean(x) AS
  nullif(trim(x, ' 　' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '');

-- Full-width letters, digits and marks become half-width. Most cells have none and are not touched.
CREATE OR REPLACE MACRO mado_half(x) AS mado_clean(
  CASE WHEN regexp_matches(x, '[！-～　−]') THEN translate(x,
    '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ：；／．，－−（）＋＃＆　',
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;/.,--()+#& ')
  ELSE x END);

-- Digits with their sign: thousands separators and a unit behind the number are dropped.
CREATE OR REPLACE MACRO mado_digits(x) AS
  regexp_replace(
    regexp_replace(replace(replace(mado_half(x), ',', ''), ' ', ''), '(人|名|件|分|歳|回|時間)$', ''),
    '^[△▲]', '-');

-- Plain digits, as in most cells, are read by the engine itself, which is fifty times faster.
CREATE OR REPLACE MACRO mado_float(x) AS
  CASE WHEN regexp_full_match(x, '[0-9]{1,15}(\.[0-9]{1,15})?') THEN TRY_CAST(x AS DOUBLE)
    WHEN regexp_full_match(mado_digits(x), '[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?')
    THEN TRY_CAST(mado_digits(x) AS DOUBLE) END;

CREATE OR REPLACE MACRO mado_long(x) AS
  CASE WHEN regexp_full_match(x, '[0-9]{1,18}') THEN TRY_CAST(x AS BIGINT)
    WHEN regexp_full_match(mado_digits(x), '[+-]?\d{1,18}(\.0*)?')
    THEN TRY_CAST(split_part(mado_digits(x), '.', 1) AS BIGINT) END;

CREATE OR REPLACE MACRO mado_int(x) AS TRY_CAST(mado_long(x) AS INTEGER);

-- Patterns, because a list behind IN is joined with every row, whatever the branch above it says.
CREATE OR REPLACE MACRO mado_bool(x) AS
  CASE WHEN regexp_full_match(x, 'true|false') THEN x = 'true'
    WHEN regexp_full_match(upper(mado_half(x)), '1|TRUE|はい|有|○|〇|済') THEN TRUE
    WHEN regexp_full_match(upper(mado_half(x)), '0|FALSE|いいえ|無|×|未') THEN FALSE END;

-- A date or moment as written, ready to be taken apart.
CREATE OR REPLACE MACRO mado_written(x) AS
  replace(replace(replace(replace(replace(upper(mado_half(x)), '㋿', '令和'), '㍻', '平成'), '元年', '1年'),
    '日', '日 '), ')', ') ');

-- Parts of a date or moment: era, year, month, day, half of the day, hour, minute, second.
-- The time zone of Japan is allowed and means nothing; any other zone makes the text unreadable.
CREATE OR REPLACE MACRO mado_parts(x) AS
  regexp_extract(mado_written(x),
    '^(?:(明治|大正|昭和|平成|令和|[MTSHR])\.? *)?(\d{1,4}) *[年/.-] *(\d{1,2})(?: *[月/.-] *(\d{1,2}) *日?|月)?'
    || '(?: *\((?:日 |[月火水木金土])\))?'
    || '(?:(?: *T *| +)(午前|午後|AM|PM)? *(\d{1,2})(?:[:時] *(\d{1,2})(?:[:分] *(\d{1,2})(?:\.\d+)?秒?|分)?|時))?'
    || '(?:\+09:?00)? *$',
    ['era', 'y', 'm', 'd', 'half', 'h', 'mi', 's']);

-- The same for compact digits: 20261001, 20261001 0900, 20261001090000.
CREATE OR REPLACE MACRO mado_compact(x) AS
  regexp_extract(mado_written(x),
    '^(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?$',
    ['y', 'm', 'd', 'h', 'mi', 's']);

CREATE OR REPLACE MACRO mado_year(era, y) AS
  CASE
    WHEN era = '' THEN CASE WHEN length(y) = 4 THEN TRY_CAST(y AS INTEGER) END
    WHEN y = '' OR TRY_CAST(y AS INTEGER) NOT BETWEEN 1 AND 99 THEN NULL
    ELSE TRY_CAST(y AS INTEGER) + CASE left(era, 1) WHEN '令' THEN 2018 WHEN 'R' THEN 2018
      WHEN '平' THEN 1988 WHEN 'H' THEN 1988 WHEN '昭' THEN 1925 WHEN 'S' THEN 1925
      WHEN '大' THEN 1911 WHEN 'T' THEN 1911 ELSE 1867 END
  END;

-- The day, unless it lies outside its era: 令和元年4月30日 and 平成31年5月1日 never were.
CREATE OR REPLACE MACRO mado_in_era(era, day) AS
  CASE left(era, 1)
    WHEN '' THEN day
    WHEN '令' THEN CASE WHEN day >= DATE '2019-05-01' THEN day END
    WHEN 'R' THEN CASE WHEN day >= DATE '2019-05-01' THEN day END
    WHEN '平' THEN CASE WHEN day BETWEEN DATE '1989-01-08' AND DATE '2019-04-30' THEN day END
    WHEN 'H' THEN CASE WHEN day BETWEEN DATE '1989-01-08' AND DATE '2019-04-30' THEN day END
    WHEN '昭' THEN CASE WHEN day BETWEEN DATE '1926-12-25' AND DATE '1989-01-07' THEN day END
    WHEN 'S' THEN CASE WHEN day BETWEEN DATE '1926-12-25' AND DATE '1989-01-07' THEN day END
    WHEN '大' THEN CASE WHEN day BETWEEN DATE '1912-07-30' AND DATE '1926-12-24' THEN day END
    WHEN 'T' THEN CASE WHEN day BETWEEN DATE '1912-07-30' AND DATE '1926-12-24' THEN day END
    ELSE CASE WHEN day BETWEEN DATE '1868-01-25' AND DATE '1912-07-29' THEN day END
  END;

CREATE OR REPLACE MACRO mado_day(y, m, d) AS
  TRY_CAST(format('{}-{}-{}', lpad(TRY_CAST(y AS VARCHAR), 4, '0'), m, d) AS DATE);

-- Number of a day as spreadsheets store it; only the years 1954 to 2119 can be meant.
CREATE OR REPLACE MACRO mado_serial(x) AS
  CASE WHEN regexp_full_match(mado_half(x), '[2-7]\d{4}(\.\d+)?') THEN TRY_CAST(mado_half(x) AS DOUBLE) END;

-- A macro is pasted wherever its argument stands, so what is used more than once is handed to a
-- lambda: it is then computed once for each value.
CREATE OR REPLACE MACRO mado_other_date(x) AS
  list_transform([mado_compact(x)], lambda c:
    CASE WHEN c.y <> '' THEN mado_day(c.y, c.m, c.d)
      ELSE DATE '1899-12-30' + TRY_CAST(floor(mado_serial(x)) AS INTEGER) END)[1];

CREATE OR REPLACE MACRO mado_date_part(x) AS
  list_transform([mado_parts(x)], lambda p:
    CASE WHEN p.d <> '' THEN
        list_transform([mado_day(mado_year(p.era, p.y), p.m, p.d)],
          lambda day: mado_in_era(p.era, day))[1]
      ELSE mado_other_date(x) END)[1];

-- Seconds since midnight; null where no time is written or there is no such time (24:00, 9:60).
CREATE OR REPLACE MACRO mado_seconds(half, h, mi, s) AS
  CASE WHEN h = '' THEN NULL
    WHEN half IN ('午前', '午後', 'AM', 'PM') AND TRY_CAST(h AS INTEGER) > 12 THEN NULL
    WHEN TRY_CAST(h AS INTEGER) > 23 OR TRY_CAST(mi AS INTEGER) > 59 OR TRY_CAST(s AS INTEGER) > 59
      THEN NULL
    ELSE (CASE WHEN half IN ('午前', '午後', 'AM', 'PM') THEN TRY_CAST(h AS INTEGER) % 12
        ELSE TRY_CAST(h AS INTEGER) END
      + CASE WHEN half IN ('午後', 'PM') THEN 12 ELSE 0 END) * 3600
      + coalesce(TRY_CAST(mi AS INTEGER), 0) * 60 + coalesce(TRY_CAST(s AS INTEGER), 0)
  END;

CREATE OR REPLACE MACRO mado_other_seconds(x) AS
  list_transform([mado_compact(x)], lambda c:
    CASE WHEN c.y <> '' THEN mado_seconds('', c.h, c.mi, c.s)
      ELSE TRY_CAST(round((mado_serial(x) - floor(mado_serial(x))) * 86400) AS INTEGER) END)[1];

CREATE OR REPLACE MACRO mado_seconds_part(x) AS
  list_transform([mado_parts(x)], lambda p:
    CASE WHEN p.y <> '' THEN mado_seconds(p.half, p.h, p.mi, p.s)
      ELSE mado_other_seconds(x) END)[1];

-- A moment. What most machines write is read by the engine itself, which is ten times faster.
CREATE OR REPLACE MACRO mado_timestamp(x) AS
  CASE WHEN regexp_full_match(x, '\d{4}[/-]\d{1,2}[/-]\d{1,2}[ T]([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?')
    THEN TRY_CAST(replace(x, '/', '-') AS TIMESTAMP)
    ELSE TRY_CAST(mado_date_part(x) AS TIMESTAMP) + to_seconds(mado_seconds_part(x)) END;

-- A date; a time behind it is allowed only where it is midnight, as exports write it.
CREATE OR REPLACE MACRO mado_date(x) AS
  CASE WHEN regexp_full_match(x, '\d{4}[/-]\d{1,2}[/-]\d{1,2}')
    THEN TRY_CAST(replace(x, '/', '-') AS DATE)
    ELSE list_transform([{'h': mado_parts(x).h, 'seconds': mado_seconds_part(x)}], lambda p:
      CASE WHEN coalesce(p.seconds, 0) = 0 AND (p.h = '' OR p.seconds IS NOT NULL)
        THEN mado_date_part(x) END)[1] END;

-- The first day of a month: 2026-10, 2026年10月, R8.10, 202610, or any day of it.
CREATE OR REPLACE MACRO mado_month(x) AS
  date_trunc('month', CASE
    WHEN mado_parts(x).y <> '' AND mado_parts(x).d = ''
      THEN mado_day(mado_year(mado_parts(x).era, mado_parts(x).y), mado_parts(x).m, 1)
    WHEN regexp_full_match(mado_written(x), '\d{6}')
      THEN mado_day(left(mado_written(x), 4), right(mado_written(x), 2), 1)
    ELSE mado_date(x) END);

-- A time of day as HH:MM, 00:00 to 24:00.
CREATE OR REPLACE MACRO mado_time_parts(x) AS
  regexp_extract(mado_written(x), '^(午前|午後|AM|PM)? *(\d{1,2})(?:[:時] *(\d{1,2})(?:[:分] *0{1,2}秒?|分)?|時)$',
    ['half', 'h', 'mi']);

CREATE OR REPLACE MACRO mado_time(x) AS
  CASE
    WHEN mado_time_parts(x).h = '24' AND coalesce(TRY_CAST(mado_time_parts(x).mi AS INTEGER), 0) = 0
      THEN '24:00'
    ELSE strftime(DATE '2000-01-01' + to_seconds(mado_seconds(
      mado_time_parts(x).half, mado_time_parts(x).h, mado_time_parts(x).mi, '')), '%H:%M')
  END;

-- True where a cell starts with a date, so that no other column need give it.
CREATE OR REPLACE MACRO mado_has_date(x) AS
  regexp_matches(mado_written(x), '^[^0-9]{0,3}\d{1,4} *[年/.-] *\d|^\d{8}|^[2-7]\d{4}(\.\d+)?$');
