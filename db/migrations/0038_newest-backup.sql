CREATE TABLE "newest_backup" (
	"number" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "newest_backup_one_row" CHECK ("newest_backup"."number" = 1)
);
--> statement-breakpoint
ALTER TABLE "newest_backup" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "newest_backup_platform" ON "newest_backup" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON newest_backup TO pandect_platform;
