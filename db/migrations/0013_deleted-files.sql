CREATE TABLE "deleted_files" (
	"storage_key" text PRIMARY KEY NOT NULL,
	"organization_id" uuid,
	"deleted_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deleted_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "orphaned_files" (
	"storage_key" text PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "orphaned_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "file_missing_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "deleted_files_deleted_at" ON "deleted_files" USING btree ("deleted_at");--> statement-breakpoint
CREATE INDEX "deleted_files_organization" ON "deleted_files" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "documents_file_missing" ON "documents" USING btree ("id") WHERE file_missing_at is not null;--> statement-breakpoint
CREATE POLICY "deleted_files_tenant" ON "deleted_files" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("deleted_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("deleted_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "deleted_files_platform" ON "deleted_files" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "orphaned_files_platform" ON "orphaned_files" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON deleted_files, orphaned_files TO pandect_platform;--> statement-breakpoint
GRANT SELECT ON deleted_files TO pandect_tenant;--> statement-breakpoint
-- Whether documents have lost their file: a yes or no for whoever reports on the platform's health, who sees no organization's rows.
CREATE FUNCTION has_missing_files() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM documents WHERE file_missing_at IS NOT NULL)
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION has_missing_files() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION has_missing_files() TO pandect_tenant, pandect_platform;
