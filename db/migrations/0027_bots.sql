CREATE TABLE "bot_updates" (
	"organization_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"update_id" bigint NOT NULL,
	"arrival" bigint GENERATED ALWAYS AS IDENTITY (sequence name "bot_updates_arrival_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"chat_id" text NOT NULL,
	"payload" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"handled_at" timestamp (3) with time zone,
	CONSTRAINT "bot_updates_bot_id_update_id_pk" PRIMARY KEY("bot_id","update_id")
);
--> statement-breakpoint
ALTER TABLE "bot_updates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "bot_users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"telegram_id" text NOT NULL,
	"chat_id" text NOT NULL,
	"language" text NOT NULL,
	"language_chosen" boolean DEFAULT false NOT NULL,
	"wallet_id" uuid NOT NULL,
	"account_id" uuid,
	"adult_at" timestamp (3) with time zone,
	"state" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"last_skill" text,
	"blocked_at" timestamp (3) with time zone,
	"referral_code" text NOT NULL,
	"referred_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bot_users_owner" UNIQUE("id","organization_id"),
	CONSTRAINT "bot_users_telegram" UNIQUE("bot_id","telegram_id"),
	CONSTRAINT "bot_users_referral" UNIQUE("bot_id","referral_code")
);
--> statement-breakpoint
ALTER TABLE "bot_users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "bots" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"created_by" uuid,
	"telegram_id" text NOT NULL,
	"username" text NOT NULL,
	"name" text NOT NULL,
	"token_sealed" text NOT NULL,
	"secret_sealed" text NOT NULL,
	"secret_hash" text NOT NULL,
	"skills" text[] NOT NULL,
	"time_zone" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"delivery" text NOT NULL,
	"poll_offset" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bots_owner" UNIQUE("id","organization_id"),
	CONSTRAINT "bots_telegram" UNIQUE("telegram_id")
);
--> statement-breakpoint
ALTER TABLE "bots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "bot_updates" ADD CONSTRAINT "bot_updates_bot" FOREIGN KEY ("bot_id","organization_id") REFERENCES "public"."bots"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_users" ADD CONSTRAINT "bot_users_account_id_users_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_users" ADD CONSTRAINT "bot_users_bot" FOREIGN KEY ("bot_id","organization_id") REFERENCES "public"."bots"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bots" ADD CONSTRAINT "bots_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bots" ADD CONSTRAINT "bots_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bot_updates_open" ON "bot_updates" USING btree ("bot_id","chat_id","arrival") WHERE handled_at is null;--> statement-breakpoint
CREATE INDEX "bot_updates_age" ON "bot_updates" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "bot_users_pages" ON "bot_users" USING btree ("bot_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "bot_users_account" ON "bot_users" USING btree ("account_id") WHERE account_id is not null;--> statement-breakpoint
CREATE INDEX "bots_organization" ON "bots" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE POLICY "bot_updates_tenant" ON "bot_updates" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("bot_updates"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("bot_updates"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "bot_updates_platform" ON "bot_updates" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "bot_users_tenant" ON "bot_users" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("bot_users"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("bot_users"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "bot_users_platform" ON "bot_users" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "bots_tenant" ON "bots" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("bots"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("bots"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "bots_platform" ON "bots" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);