-- The price of a model at a moment for a request with so many prompt tokens: the newest, that of "*" for a model without one.
CREATE OR REPLACE FUNCTION price_of(priced_model text, moment timestamptz, prompt_tokens bigint)
RETURNS SETOF model_prices LANGUAGE sql STABLE AS $$
  SELECT p.* FROM model_prices p
  WHERE p.model IN (priced_model, '*') AND p.valid_from <= moment AND (p.above_tokens = 0 OR p.above_tokens < prompt_tokens)
  ORDER BY p.model = '*', p.valid_from DESC, p.above_tokens DESC
  LIMIT 1
$$;
