-- First the table that every request locks first: requests under way end, later ones wait until this is done, and none holds a table
-- that this needs while it waits.
LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "owner_limits" (
	"organization_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"period" text NOT NULL,
	"amount" bigint NOT NULL,
	"until" timestamp with time zone,
	CONSTRAINT "owner_limits_organization_id_owner_id_unit_period_pk" PRIMARY KEY("organization_id","owner_id","unit","period")
);
--> statement-breakpoint
ALTER TABLE "owner_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plan_limits" (
	"tier" text NOT NULL,
	"unit" text NOT NULL,
	"period" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "plan_limits_tier_unit_period_pk" PRIMARY KEY("tier","unit","period")
);
--> statement-breakpoint
ALTER TABLE "plan_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "unit_credits" (
	"organization_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"expires_at" timestamp with time zone DEFAULT 'infinity' NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "unit_credits_organization_id_owner_id_unit_expires_at_pk" PRIMARY KEY("organization_id","owner_id","unit","expires_at"),
	CONSTRAINT "unit_credits_amount" CHECK ("unit_credits"."amount" >= 0)
);
--> statement-breakpoint
ALTER TABLE "unit_credits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_counters" (
	"organization_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"period" text NOT NULL,
	"start" date NOT NULL,
	"used" bigint NOT NULL,
	CONSTRAINT "usage_counters_organization_id_owner_id_unit_period_start_pk" PRIMARY KEY("organization_id","owner_id","unit","period","start")
);
--> statement-breakpoint
ALTER TABLE "usage_counters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "wallets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallets_reference" UNIQUE("organization_id","kind","reference")
);
--> statement-breakpoint
ALTER TABLE "wallets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "usage_reservations" ALTER COLUMN "channel" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_reservations" ALTER COLUMN "model" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "wallet_id" uuid;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "action" text DEFAULT 'ai_query' NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "amounts" jsonb DEFAULT '{"question":1}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "credits" jsonb;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "wallet_credits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "owner_limits" ADD CONSTRAINT "owner_limits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_limits" ADD CONSTRAINT "plan_limits_tier_subscription_plans_tier_fk" FOREIGN KEY ("tier") REFERENCES "public"."subscription_plans"("tier") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_credits" ADD CONSTRAINT "unit_credits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_counters" ADD CONSTRAINT "usage_counters_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "owner_limits_tenant" ON "owner_limits" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("owner_limits"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("owner_limits"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "owner_limits_platform" ON "owner_limits" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_limits_identity" ON "owner_limits" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "plan_limits_tenant" ON "plan_limits" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "plan_limits_identity" ON "plan_limits" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "plan_limits_platform" ON "plan_limits" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "unit_credits_tenant" ON "unit_credits" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("unit_credits"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("unit_credits"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "unit_credits_platform" ON "unit_credits" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "usage_counters_tenant" ON "usage_counters" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("usage_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("usage_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "usage_counters_platform" ON "usage_counters" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "wallets_tenant" ON "wallets" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("wallets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("wallets"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "wallets_platform" ON "wallets" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What each login may do with them; which rows, its policies decide.
GRANT SELECT ON plan_limits, owner_limits TO pandect_tenant, pandect_identity;
--> statement-breakpoint
GRANT SELECT ON wallets, usage_counters, unit_credits TO pandect_tenant;
--> statement-breakpoint
GRANT INSERT ON wallets, usage_counters, unit_credits TO pandect_tenant;
--> statement-breakpoint
GRANT UPDATE (used) ON usage_counters TO pandect_tenant;
--> statement-breakpoint
GRANT UPDATE (amount) ON unit_credits TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_limits, owner_limits, wallets, usage_counters, unit_credits TO pandect_platform;
--> statement-breakpoint
-- Keeps limits equal to the columns that held them before: processes of the release before write those alone. It goes with them in
-- the release after this one.
CREATE OR REPLACE FUNCTION mirror_figures() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  figure record;
BEGIN
  FOR figure IN
    SELECT * FROM (VALUES
      ('question', 'day', NEW.questions_per_day::bigint), ('question', 'month', NEW.questions_per_month::bigint),
      ('question', 'concurrent', NEW.concurrent_questions::bigint), ('document', 'held', NEW.documents::bigint),
      ('byte', 'held', NEW.storage_bytes), ('user', 'held', NEW.users::bigint)
    ) AS f(unit, period, amount)
  LOOP
    IF TG_TABLE_NAME = 'subscription_plans' THEN
      INSERT INTO plan_limits (tier, unit, period, amount) VALUES (NEW.tier, figure.unit, figure.period, figure.amount)
      ON CONFLICT (tier, unit, period) DO UPDATE SET amount = excluded.amount;
    ELSIF figure.amount IS NULL THEN
      DELETE FROM owner_limits
      WHERE organization_id = NEW.organization_id AND owner_id = NEW.organization_id AND unit = figure.unit AND period = figure.period;
    ELSE
      INSERT INTO owner_limits (organization_id, owner_id, unit, period, amount)
      VALUES (NEW.organization_id, NEW.organization_id, figure.unit, figure.period, figure.amount)
      ON CONFLICT (organization_id, owner_id, unit, period) DO UPDATE SET amount = excluded.amount, until = NULL;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Keeps counters of questions equal in both tables, whichever is written: processes of the release before know the older one alone. It
-- goes with them in the release after this one.
CREATE OR REPLACE FUNCTION mirror_question_counters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'usage_counters' THEN
    INSERT INTO question_counters (organization_id, period, start, used) VALUES (NEW.organization_id, NEW.period, NEW.start, NEW.used)
    ON CONFLICT (organization_id, period, start) DO UPDATE SET used = excluded.used;
  ELSE
    INSERT INTO usage_counters (organization_id, owner_id, unit, period, start, used)
    VALUES (NEW.organization_id, NEW.organization_id, 'question', NEW.period, NEW.start, NEW.used)
    ON CONFLICT (organization_id, owner_id, unit, period, start) DO UPDATE SET used = excluded.used;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Keeps bought questions equal in both places, whichever is written: processes of the release before know the organization's column
-- alone. It goes with them in the release after this one.
CREATE OR REPLACE FUNCTION mirror_question_credits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  organization uuid;
  change bigint;
BEGIN
  IF TG_TABLE_NAME = 'unit_credits' THEN
    organization := coalesce(NEW.organization_id, OLD.organization_id);
    change := coalesce(NEW.amount, 0) - coalesce(OLD.amount, 0);
    UPDATE organizations SET question_credits = greatest(question_credits + change, 0) WHERE id = organization AND change <> 0;
  ELSE
    change := NEW.question_credits - coalesce(OLD.question_credits, 0);
    INSERT INTO unit_credits (organization_id, owner_id, unit, expires_at, amount)
    VALUES (NEW.id, NEW.id, 'question', 'infinity', greatest(change, 0))
    ON CONFLICT (organization_id, owner_id, unit, expires_at) DO UPDATE SET amount = greatest(unit_credits.amount + change, 0);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- From here on figures of questions are kept in both places, see the functions. What was there before follows them.
CREATE TRIGGER mirror_figures AFTER INSERT OR UPDATE ON subscription_plans FOR EACH ROW EXECUTE FUNCTION mirror_figures();
--> statement-breakpoint
CREATE TRIGGER mirror_figures AFTER INSERT OR UPDATE ON plan_overrides FOR EACH ROW EXECUTE FUNCTION mirror_figures();
--> statement-breakpoint
UPDATE subscription_plans SET documents = documents;
--> statement-breakpoint
UPDATE plan_overrides SET documents = documents;
--> statement-breakpoint
INSERT INTO usage_counters (organization_id, owner_id, unit, period, start, used)
SELECT organization_id, organization_id, 'question', period, start, used FROM question_counters;
--> statement-breakpoint
CREATE TRIGGER mirror_question_counters AFTER INSERT OR UPDATE ON question_counters FOR EACH ROW
WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION mirror_question_counters();
--> statement-breakpoint
CREATE TRIGGER mirror_question_counters AFTER INSERT OR UPDATE ON usage_counters FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND NEW.unit = 'question' AND NEW.owner_id = NEW.organization_id) EXECUTE FUNCTION mirror_question_counters();
--> statement-breakpoint
INSERT INTO unit_credits (organization_id, owner_id, unit, amount)
SELECT id, id, 'question', question_credits FROM organizations WHERE question_credits > 0;
--> statement-breakpoint
CREATE TRIGGER mirror_given_credits AFTER INSERT ON organizations FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND NEW.question_credits > 0) EXECUTE FUNCTION mirror_question_credits();
--> statement-breakpoint
CREATE TRIGGER mirror_question_credits AFTER UPDATE OF question_credits ON organizations FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND NEW.question_credits <> OLD.question_credits) EXECUTE FUNCTION mirror_question_credits();
--> statement-breakpoint
CREATE TRIGGER mirror_question_credits AFTER INSERT OR UPDATE ON unit_credits FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND NEW.unit = 'question' AND NEW.owner_id = NEW.organization_id) EXECUTE FUNCTION mirror_question_credits();
--> statement-breakpoint
CREATE TRIGGER mirror_expired_credits AFTER DELETE ON unit_credits FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND OLD.unit = 'question' AND OLD.owner_id = OLD.organization_id) EXECUTE FUNCTION mirror_question_credits();
