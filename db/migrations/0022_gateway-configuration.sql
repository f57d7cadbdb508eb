CREATE TABLE "gateway_secrets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid,
	"name" text NOT NULL,
	"ciphertext" text NOT NULL,
	"last4" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gateway_secrets_name" UNIQUE NULLS NOT DISTINCT("organization_id","name")
);
--> statement-breakpoint
ALTER TABLE "gateway_secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "gateway_versions" (
	"number" integer PRIMARY KEY NOT NULL,
	"document" json NOT NULL,
	"comment" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "gateway_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "gateway_secrets" ADD CONSTRAINT "gateway_secrets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "gateway_secrets_tenant" ON "gateway_secrets" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("gateway_secrets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("gateway_secrets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "gateway_secrets_platform" ON "gateway_secrets" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "gateway_secrets_shared" ON "gateway_secrets" AS PERMISSIVE FOR SELECT TO "pandect_tenant" USING ("gateway_secrets"."organization_id" is null);--> statement-breakpoint
CREATE POLICY "gateway_versions_tenant" ON "gateway_versions" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "gateway_versions_platform" ON "gateway_versions" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
-- Versions are only added. A tenant reads them, and its own keys and the platform's in their encrypted form; its owners may replace its own.
GRANT SELECT ON gateway_versions, gateway_secrets TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT ON gateway_versions TO pandect_platform;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_secrets TO pandect_platform;
--> statement-breakpoint
GRANT INSERT, UPDATE (ciphertext, last4, created_at), DELETE ON gateway_secrets TO pandect_organization;
