CREATE TABLE "hosts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"keys" text NOT NULL,
	"storage" text NOT NULL,
	"vectors" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hosts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "hosts_queue" ON "hosts" AS PERMISSIVE FOR ALL TO "pandect_queue" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, UPDATE (seen_at) ON hosts TO pandect_queue;
