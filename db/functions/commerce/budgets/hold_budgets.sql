-- Holds a request in those of some budgets that it counts for: what the dearest of its targets may cost, and in the budget of a model what
-- that one may cost. Targets that some hard budget has no room for are left out; when none is left, the request is refused and holds
-- nothing. Place n of `starts`, `costs` and `tokens` is for one budget: the window, and what is spent or held in it, with this request
-- afterwards. It writes nothing down: `change_budgets` does, for all that were held together.
CREATE OR REPLACE FUNCTION hold_budgets(own budgets[], starts date[], key uuid, names text[], prices numeric[], wanted bigint,
  INOUT costs numeric[], INOUT tokens bigint[], OUT refusal jsonb, OUT targets text[], OUT holds jsonb)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  fits boolean;
  dearest numeric;
  cost numeric;
BEGIN
  targets := '{}';
  FOR t IN 1 .. cardinality(names) LOOP
    fits := true;
    FOR n IN 1 .. cardinality(own) LOOP
      CONTINUE WHEN NOT own[n].hard OR NOT CASE own[n].scope WHEN 'organization' THEN true
        WHEN 'key' THEN coalesce(own[n].scope_id = key::text, false) ELSE own[n].scope_id = names[t] END;
      CONTINUE WHEN coalesce(costs[n] + prices[t] <= own[n].limit_cost, true) AND coalesce(tokens[n] + wanted <= own[n].limit_tokens, true);
      fits := false;
      -- Another model may have room where only that of one is used up, so that what holds for all of them is named first.
      CONTINUE WHEN refusal IS NOT NULL AND (refusal ->> 'scope' <> 'model' OR own[n].scope = 'model');
      refusal := jsonb_build_object('scope', own[n].scope, 'scopeId', own[n].scope_id, 'window', own[n]."window")
        || CASE WHEN costs[n] + prices[t] > own[n].limit_cost
          THEN jsonb_build_object('what', 'cost', 'limit', trim_scale(own[n].limit_cost)::text, 'used', trim_scale(costs[n])::text)
          ELSE jsonb_build_object('what', 'tokens', 'limit', own[n].limit_tokens::text, 'used', tokens[n]::text) END;
    END LOOP;
    CONTINUE WHEN NOT fits;
    targets := array_append(targets, names[t]);
    dearest := greatest(dearest, prices[t]);
  END LOOP;
  IF dearest IS NULL THEN RETURN; END IF;
  refusal := NULL;
  holds := '[]';
  FOR n IN 1 .. cardinality(own) LOOP
    CONTINUE WHEN NOT CASE own[n].scope WHEN 'organization' THEN true
      WHEN 'key' THEN coalesce(own[n].scope_id = key::text, false) ELSE own[n].scope_id = ANY (targets) END;
    cost := CASE own[n].scope WHEN 'model' THEN prices[array_position(names, own[n].scope_id)] ELSE dearest END;
    costs[n] := costs[n] + cost;
    tokens[n] := tokens[n] + wanted;
    holds := holds || jsonb_build_object('budget', own[n].id, 'start', starts[n], 'cost', cost::text, 'tokens', wanted);
  END LOOP;
END $$;
