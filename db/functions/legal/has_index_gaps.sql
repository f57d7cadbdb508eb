-- Whether ready documents are missing in the live index. Anyone who reports on the platform's health sees no organization's
-- rows, so this looks with its owner's eyes and tells nothing but a yes or no.
CREATE OR REPLACE FUNCTION has_index_gaps() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1
    FROM documents d
    JOIN index_generations g ON g.state = 'live'
    LEFT JOIN indexed_documents i ON i.generation = g.generation AND i.document_id = d.id
    WHERE d.status = 'ready' AND (i.document_id IS NULL OR i.done < i.total)
  )
$$;

REVOKE EXECUTE ON FUNCTION has_index_gaps() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION has_index_gaps() TO pandect_tenant, pandect_platform;
