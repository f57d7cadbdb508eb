-- Roubles, exact at eight decimals, by the newest price of that moment; that of "*" for a model without one, NULL without either.
CREATE OR REPLACE FUNCTION token_cost(priced_model text, moment timestamptz, prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint)
RETURNS numeric STABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT ((prompt_tokens - cached_tokens) * p.prompt + cached_tokens * p.cached + completion_tokens * p.completion) * 0.000001
    FROM model_prices p
    WHERE p.model IN (priced_model, '*') AND p.valid_from <= moment
    ORDER BY p.model = '*', p.valid_from DESC
    LIMIT 1);
END $$;
