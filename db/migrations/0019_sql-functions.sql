CREATE TABLE "sql_functions" (
	"name" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"definition" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sql_functions" ENABLE ROW LEVEL SECURITY;