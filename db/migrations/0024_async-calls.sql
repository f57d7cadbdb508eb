CREATE TABLE "async_calls" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"batch_id" uuid,
	"line" integer,
	"custom_id" text,
	"user_id" uuid,
	"key_id" uuid,
	"channel" text NOT NULL,
	"endpoint" text NOT NULL,
	"model" text NOT NULL,
	"body" text,
	"state" text DEFAULT 'queued' NOT NULL,
	"callback_url" text,
	"request_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run" uuid,
	"next_at" timestamp (3) with time zone,
	"status" integer,
	"answer" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "async_calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "batches" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid,
	"key_id" uuid,
	"channel" text NOT NULL,
	"endpoint" text NOT NULL,
	"state" text DEFAULT 'validating' NOT NULL,
	"input_file_id" uuid NOT NULL,
	"output_file_id" uuid,
	"error_file_id" uuid,
	"errors" jsonb,
	"metadata" jsonb,
	"callback_url" text,
	"total" integer DEFAULT 0 NOT NULL,
	"completed" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"in_progress_at" timestamp (3) with time zone,
	"finalizing_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"expired_at" timestamp (3) with time zone,
	"cancelling_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "batches_owner" UNIQUE("id","organization_id")
);
--> statement-breakpoint
ALTER TABLE "batches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "callbacks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"event" text NOT NULL,
	"subject" text NOT NULL,
	"url" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unknown" integer DEFAULT 0 NOT NULL,
	"claimed_until" timestamp (3) with time zone,
	"status" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "callbacks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "gateway_files" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid,
	"purpose" text NOT NULL,
	"file_name" text NOT NULL,
	"bytes" bigint NOT NULL,
	"storage_key" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gateway_files_storageKey_unique" UNIQUE("storage_key")
);
--> statement-breakpoint
ALTER TABLE "gateway_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_secrets" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"previous" text,
	"previous_until" timestamp (3) with time zone,
	"shown_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "async_calls" ADD CONSTRAINT "async_calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "async_calls" ADD CONSTRAINT "async_calls_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "async_calls" ADD CONSTRAINT "async_calls_batch" FOREIGN KEY ("batch_id","organization_id") REFERENCES "public"."batches"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_files" ADD CONSTRAINT "gateway_files_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_files" ADD CONSTRAINT "gateway_files_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "async_calls_line" ON "async_calls" USING btree ("batch_id","line") WHERE batch_id is not null;--> statement-breakpoint
CREATE INDEX "async_calls_organization" ON "async_calls" USING btree ("organization_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "async_calls_ended" ON "async_calls" USING btree ("ended_at") WHERE batch_id is null;--> statement-breakpoint
CREATE INDEX "batches_organization" ON "batches" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "batches_age" ON "batches" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "callbacks_organization" ON "callbacks" USING btree ("organization_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "callbacks_subject" ON "callbacks" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "callbacks_age" ON "callbacks" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "gateway_files_organization" ON "gateway_files" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "gateway_files_expiry" ON "gateway_files" USING btree ("expires_at");--> statement-breakpoint
CREATE POLICY "async_calls_tenant" ON "async_calls" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("async_calls"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("async_calls"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "async_calls_platform" ON "async_calls" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "batches_tenant" ON "batches" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("batches"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("batches"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "batches_platform" ON "batches" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "callbacks_tenant" ON "callbacks" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("callbacks"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("callbacks"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "callbacks_platform" ON "callbacks" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "gateway_files_tenant" ON "gateway_files" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("gateway_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("gateway_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "gateway_files_platform" ON "gateway_files" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "webhook_secrets_tenant" ON "webhook_secrets" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("webhook_secrets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("webhook_secrets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "webhook_secrets_platform" ON "webhook_secrets" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_files, batches, async_calls, callbacks TO pandect_tenant, pandect_platform;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON webhook_secrets TO pandect_tenant;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_secrets TO pandect_platform;--> statement-breakpoint
-- Files of the gateway are deleted by those who have them, and kept for the days of grace like documents.
GRANT INSERT ON deleted_files TO pandect_tenant;
