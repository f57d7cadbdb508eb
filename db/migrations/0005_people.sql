CREATE POLICY "plan_overrides_identity" ON "plan_overrides" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Who signs in or joins holds the organization's row meanwhile, which takes the right to change something of it.
GRANT UPDATE (name) ON organizations TO pandect_identity;
--> statement-breakpoint
-- Of a key that was made only its end may change: which limits it falls under is decided by the platform.
REVOKE UPDATE ON api_keys FROM pandect_organization;
--> statement-breakpoint
GRANT UPDATE (revoked_at) ON api_keys TO pandect_organization;
