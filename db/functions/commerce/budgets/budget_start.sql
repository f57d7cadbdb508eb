-- First day (UTC) of the window of a budget that a moment lies in.
CREATE OR REPLACE FUNCTION budget_start("window" text, moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE "window"
    WHEN 'day' THEN (moment AT TIME ZONE 'UTC')::date
    WHEN 'month' THEN date_trunc('month', moment AT TIME ZONE 'UTC')::date
    ELSE make_date(1970, 1, 1) END
$$;
