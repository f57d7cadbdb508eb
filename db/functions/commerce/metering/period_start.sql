-- The first day of the day or month that a moment lies in, in a time zone. All that counts by periods asks this.
CREATE OR REPLACE FUNCTION period_start(period text, zone text, moment timestamptz)
RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc(period, moment AT TIME ZONE zone)::date
$$;
