-- The moment at which the day or month that a moment lies in is over, in a time zone. Where clocks go back over midnight it comes twice,
-- of which the first one counts; where they skip it, the moment at which they do.
CREATE OR REPLACE FUNCTION period_end(period text, zone text, moment timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN period_start(period, zone, n.midnight - interval '1 hour') = n.day THEN n.midnight - interval '1 hour' ELSE n.midnight END
  FROM (
    SELECT s.next::date AS day, s.next AT TIME ZONE zone AS midnight
    FROM (SELECT period_start(period, zone, moment) + ('1 ' || period)::interval AS next) s
  ) n
$$;
