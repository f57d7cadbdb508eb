CREATE TABLE "link_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "link_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "linked_identities" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"chat_id" text NOT NULL,
	"letters" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "linked_identities_subject" UNIQUE("bot_id","subject"),
	CONSTRAINT "linked_identities_person" UNIQUE("user_id","bot_id")
);
--> statement-breakpoint
ALTER TABLE "linked_identities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "link_codes" ADD CONSTRAINT "link_codes_user" FOREIGN KEY ("user_id","organization_id") REFERENCES "public"."users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "linked_identities" ADD CONSTRAINT "linked_identities_user" FOREIGN KEY ("user_id","organization_id") REFERENCES "public"."users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "link_codes_expiry" ON "link_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE POLICY "link_codes_tenant" ON "link_codes" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("link_codes"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("link_codes"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "link_codes_platform" ON "link_codes" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "linked_identities_tenant" ON "linked_identities" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("linked_identities"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("linked_identities"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "linked_identities_platform" ON "linked_identities" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "linked_identities_identity" ON "linked_identities" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON linked_identities TO pandect_tenant, pandect_platform;--> statement-breakpoint
GRANT SELECT, DELETE ON linked_identities TO pandect_identity;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON link_codes TO pandect_tenant, pandect_platform;
