-- First the table that every request locks first: requests under way end, later ones wait until this is done, and none holds a table
-- that this needs while it waits.
LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "budget_counters" (
	"organization_id" uuid NOT NULL,
	"budget_id" uuid NOT NULL,
	"start" date NOT NULL,
	"spent_cost" numeric(20, 8) DEFAULT '0' NOT NULL,
	"held_cost" numeric(20, 8) DEFAULT '0' NOT NULL,
	"spent_tokens" bigint DEFAULT 0 NOT NULL,
	"held_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "budget_counters_budget_id_start_pk" PRIMARY KEY("budget_id","start")
);
--> statement-breakpoint
ALTER TABLE "budget_counters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"scope_id" text,
	"window" text NOT NULL,
	"limit_cost" numeric(20, 8),
	"limit_tokens" bigint,
	"hard" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budgets_owner" UNIQUE("id","organization_id"),
	CONSTRAINT "budgets_scope" UNIQUE NULLS NOT DISTINCT("organization_id","scope","scope_id","window"),
	CONSTRAINT "budgets_scope_id" CHECK (("budgets"."scope" = 'organization') = ("budgets"."scope_id" is null)),
	CONSTRAINT "budgets_limit" CHECK ("budgets"."limit_cost" is not null or "budgets"."limit_tokens" is not null)
);
--> statement-breakpoint
ALTER TABLE "budgets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "model_prices" DROP CONSTRAINT "model_prices_model_valid_from_pk";--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "above_tokens" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "model_prices" ADD CONSTRAINT "model_prices_model_valid_from_above_tokens_pk" PRIMARY KEY("model","valid_from","above_tokens");--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "cache_write" numeric(12, 2);--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "reasoning" numeric(12, 2);--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "image" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "second" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "model_prices" ADD COLUMN "request" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "key_id" uuid;--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "cache_write_tokens" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "reasoning_tokens" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "route" text;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "key_id" uuid;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "holds" jsonb;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "routes" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "rpm" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "tpm" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "concurrency" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "replaced_by" uuid;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "grace_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "budget_counters" ADD CONSTRAINT "budget_counters_owner" FOREIGN KEY ("budget_id","organization_id") REFERENCES "public"."budgets"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "budget_counters_tenant" ON "budget_counters" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("budget_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("budget_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "budget_counters_platform" ON "budget_counters" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "budgets_tenant" ON "budgets" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("budgets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("budgets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "budgets_platform" ON "budgets" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What each login may do with them; which rows, its policies decide.
GRANT SELECT ON budgets, budget_counters TO pandect_tenant;
--> statement-breakpoint
GRANT INSERT ON budget_counters TO pandect_tenant;
--> statement-breakpoint
GRANT UPDATE (spent_cost, held_cost, spent_tokens, held_tokens) ON budget_counters TO pandect_tenant;
--> statement-breakpoint
GRANT INSERT, DELETE ON budgets TO pandect_organization;
--> statement-breakpoint
GRANT UPDATE (scope, scope_id, "window", limit_cost, limit_tokens, hard) ON budgets TO pandect_organization;
--> statement-breakpoint
GRANT DELETE ON budget_counters TO pandect_organization;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON budgets, budget_counters TO pandect_platform;
--> statement-breakpoint
-- A key's own limits lie below those of its channel, so its organization may change them; the channel stays the platform's.
GRANT UPDATE (name, prefix, key_hash, routes, rpm, tpm, concurrency) ON api_keys TO pandect_organization;
