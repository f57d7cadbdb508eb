-- Roubles, exact at eight decimals, by the newest price of that moment; that of "*" for a model without one, NULL without either.
CREATE OR REPLACE FUNCTION token_cost(priced_model text, moment timestamptz, prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint)
RETURNS numeric STABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT price_usage(p, prompt_tokens, cached_tokens, 0, completion_tokens, 0, 0, 0, 0)
    FROM price_of(priced_model, moment, prompt_tokens) p);
END $$;
