-- Uploads, downloads and deletions are written down by the functions that do them. These cannot change or remove an entry.
GRANT INSERT ON audit_log TO pandect_tenant;
--> statement-breakpoint
-- Only upkeep removes entries, when they are older than the operator keeps them.
GRANT DELETE ON audit_log TO pandect_platform;
--> statement-breakpoint
REVOKE DELETE ON rate_buckets FROM pandect_tenant, pandect_identity;
