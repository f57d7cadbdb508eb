CREATE TABLE "prompt_log_settings" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"keep_days" integer NOT NULL,
	"enabled_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_log_settings_days" CHECK ("prompt_log_settings"."keep_days" between 1 and 365)
);
--> statement-breakpoint
ALTER TABLE "prompt_log_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "prompt_logs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"user_id" uuid,
	"key_id" uuid,
	"dialect" text NOT NULL,
	"route" text NOT NULL,
	"target" text,
	"request" text NOT NULL,
	"answer" text,
	"is_cut" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "prompt_logs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "prompt_log_settings" ADD CONSTRAINT "prompt_log_settings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_logs" ADD CONSTRAINT "prompt_logs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "prompt_logs_organization" ON "prompt_logs" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "prompt_logs_expiry" ON "prompt_logs" USING btree ("expires_at");--> statement-breakpoint
CREATE POLICY "prompt_log_settings_tenant" ON "prompt_log_settings" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("prompt_log_settings"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("prompt_log_settings"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "prompt_log_settings_platform" ON "prompt_log_settings" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "prompt_logs_tenant" ON "prompt_logs" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("prompt_logs"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("prompt_logs"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "prompt_logs_platform" ON "prompt_logs" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT ON prompt_log_settings, prompt_logs TO pandect_tenant;--> statement-breakpoint
-- The gateway adds what was said; only people of the organization switch it on or off, which deletes it.
GRANT INSERT ON prompt_logs TO pandect_tenant;--> statement-breakpoint
GRANT DELETE ON prompt_logs TO pandect_organization;--> statement-breakpoint
GRANT INSERT, UPDATE (keep_days), DELETE ON prompt_log_settings TO pandect_organization;--> statement-breakpoint
GRANT SELECT, DELETE ON prompt_logs TO pandect_platform;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_log_settings TO pandect_platform;
