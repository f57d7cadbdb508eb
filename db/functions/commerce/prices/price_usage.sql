-- What usage costs by a price in roubles, exact at eight decimals. `input` and `output` hold the parts that are priced apart.
-- `modules/commerce/metering/calls/cost.ts` reckons the same.
CREATE OR REPLACE FUNCTION price_usage(price model_prices, input bigint, cached bigint, cache_write bigint, output bigint, reasoning bigint,
  images bigint, seconds bigint, requests bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT (greatest(input - cached - cache_write, 0) * (price).prompt + cached * (price).cached
      + cache_write * coalesce((price).cache_write, (price).prompt)
      + greatest(output - reasoning, 0) * (price).completion + reasoning * coalesce((price).reasoning, (price).completion)) * 0.000001
    + images * coalesce((price).image, 0) + seconds * coalesce((price).second, 0) + requests * coalesce((price).request, 0)
$$;
