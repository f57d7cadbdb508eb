-- Whether documents have lost their file: a yes or no for anyone who reports on the platform's health, who sees no organization's rows.
CREATE OR REPLACE FUNCTION has_missing_files() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM documents WHERE file_missing_at IS NOT NULL)
$$;

REVOKE EXECUTE ON FUNCTION has_missing_files() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION has_missing_files() TO pandect_tenant, pandect_platform;
