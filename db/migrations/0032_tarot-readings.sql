CREATE TABLE "readings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"bot_user_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"spread" text NOT NULL,
	"question" text NOT NULL,
	"language" text NOT NULL,
	"cards" jsonb NOT NULL,
	"day" date,
	"state" text DEFAULT 'drawn' NOT NULL,
	"answer" text,
	"source" text,
	"target" text,
	"queued_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"waiting_at" timestamp (3) with time zone,
	"seconds" real,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "readings_request" UNIQUE("organization_id","request_id")
);
--> statement-breakpoint
ALTER TABLE "readings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "readings" ADD CONSTRAINT "readings_owner" FOREIGN KEY ("bot_user_id","organization_id") REFERENCES "public"."bot_users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "readings_day" ON "readings" USING btree ("bot_user_id","day") WHERE day is not null;--> statement-breakpoint
CREATE INDEX "readings_user" ON "readings" USING btree ("bot_user_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "readings_same_day" ON "readings" USING btree ("organization_id","day") WHERE day is not null;--> statement-breakpoint
CREATE INDEX "readings_line" ON "readings" USING btree ("target","queued_at") WHERE waiting_at is not null;--> statement-breakpoint
CREATE INDEX "readings_seconds" ON "readings" USING btree ("target","queued_at" DESC NULLS LAST) WHERE seconds is not null;--> statement-breakpoint
CREATE POLICY "readings_tenant" ON "readings" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("readings"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("readings"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "readings_platform" ON "readings" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON readings TO pandect_tenant, pandect_platform;
