-- Makes the index generation that everything begins with; where there is one, whatever became of it, nothing happens. Processes
-- that may not change generations call it with what their settings ask for.
CREATE OR REPLACE FUNCTION make_first_index(chunker text, embedding_model text, dimensions integer, store text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO index_generations (generation, state, live_at, chunker, embedding_model, dimensions, store)
  VALUES (1, 'live', now(), $1, $2, $3, $4)
  ON CONFLICT (generation) DO NOTHING
$$;

REVOKE EXECUTE ON FUNCTION make_first_index(text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_first_index(text, text, integer, text) TO pandect_tenant, pandect_platform;
