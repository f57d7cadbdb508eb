CREATE TABLE "setup" (
	"number" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"closed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "setup_one_row" CHECK ("setup"."number" = 1)
);
--> statement-breakpoint
ALTER TABLE "setup" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "started_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "theme" text;--> statement-breakpoint
CREATE INDEX "refresh_tokens_user" ON "refresh_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE POLICY "setup_identity" ON "setup" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "setup_platform" ON "setup" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT ON setup TO pandect_identity, pandect_platform;
--> statement-breakpoint
INSERT INTO setup (number) SELECT 1 WHERE EXISTS (SELECT FROM organizations);
--> statement-breakpoint
UPDATE refresh_tokens SET started_at = family.started_at
FROM (SELECT family_id, min(created_at) AS started_at FROM refresh_tokens GROUP BY family_id) AS family
WHERE family.family_id = refresh_tokens.family_id;
