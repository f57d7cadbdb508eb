CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"channel" text DEFAULT 'external' NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_keyHash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"actor_id" uuid,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "email_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "email_tokens_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "email_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoice_numbers" (
	"year" integer PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "invoice_numbers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"number" text NOT NULL,
	"reference" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"purpose" jsonb NOT NULL,
	"buyer" jsonb NOT NULL,
	"lines" jsonb NOT NULL,
	"total" bigint NOT NULL,
	"currency" text DEFAULT 'RUB' NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "invoices_number_unique" UNIQUE("number"),
	CONSTRAINT "invoices_reference" UNIQUE("organization_id","reference"),
	CONSTRAINT "invoices_owner" UNIQUE("id","organization_id"),
	CONSTRAINT "invoices_total" CHECK ("invoices"."total" > 0),
	CONSTRAINT "invoices_currency" CHECK ("invoices"."currency" = 'RUB'),
	CONSTRAINT "invoices_closed" CHECK (("invoices"."state" = 'open') = ("invoices"."closed_at" is null))
);
--> statement-breakpoint
ALTER TABLE "invoices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"transaction_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"organization_id" uuid NOT NULL,
	"account" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "ledger_entries_transaction_id_position_pk" PRIMARY KEY("transaction_id","position"),
	CONSTRAINT "ledger_entries_amount" CHECK ("ledger_entries"."amount" <> 0)
);
--> statement-breakpoint
ALTER TABLE "ledger_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_transactions_reference" UNIQUE("kind","reference"),
	CONSTRAINT "ledger_transactions_owner" UNIQUE("id","organization_id")
);
--> statement-breakpoint
ALTER TABLE "ledger_transactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "model_prices" (
	"model" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"prompt" numeric(12, 2) NOT NULL,
	"completion" numeric(12, 2) NOT NULL,
	"cached" numeric(12, 2) NOT NULL,
	CONSTRAINT "model_prices_model_valid_from_pk" PRIMARY KEY("model","valid_from")
);
--> statement-breakpoint
ALTER TABLE "model_prices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"email" text NOT NULL,
	"language" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "notifications_once" UNIQUE("organization_id","kind","reference","email")
);
--> statement-breakpoint
ALTER TABLE "notifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"provider_payment_id" text,
	"state" text DEFAULT 'pending' NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text DEFAULT 'RUB' NOT NULL,
	"confirmation_url" text,
	"confirmed_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "payments_provider" UNIQUE("provider","provider_payment_id"),
	CONSTRAINT "payments_amount" CHECK ("payments"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "payments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plan_overrides" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"questions_per_day" integer,
	"questions_per_month" integer,
	"concurrent_questions" integer,
	"documents" integer,
	"users" integer,
	"model_policy" text,
	"max_tokens_per_question" integer,
	"file_bytes" bigint,
	"storage_bytes" bigint,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "plan_overrides" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"key" text PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rate_buckets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "revocations" (
	"subject" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "revocations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"email_hash" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"locked_until" timestamp with time zone,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sign_in_failures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"tier" text NOT NULL,
	"next_tier" text,
	"period_start" timestamp with time zone NOT NULL,
	"period_end" timestamp with time zone NOT NULL,
	"anchor_day" integer NOT NULL,
	"trial_used" boolean DEFAULT false NOT NULL,
	"buyer" jsonb,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subscriptions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "token_counters" (
	"organization_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"tokens" bigint NOT NULL,
	CONSTRAINT "token_counters_organization_id_channel_minute_pk" PRIMARY KEY("organization_id","channel","minute")
);
--> statement-breakpoint
ALTER TABLE "token_counters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_reservations" (
	"organization_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"user_id" uuid,
	"state" text DEFAULT 'reserved' NOT NULL,
	"source" text NOT NULL,
	"day" date NOT NULL,
	"month" date NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"channel" text NOT NULL,
	"tokens" bigint NOT NULL,
	"model" text NOT NULL,
	"cost" numeric(20, 8) NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "usage_reservations_organization_id_request_id_pk" PRIMARY KEY("organization_id","request_id")
);
--> statement-breakpoint
ALTER TABLE "usage_reservations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "usage_totals" (
	"organization_id" uuid NOT NULL,
	"month" date NOT NULL,
	"user_id" uuid,
	"action" text NOT NULL,
	"model" text,
	"count" integer NOT NULL,
	"prompt_tokens" bigint NOT NULL,
	"completion_tokens" bigint NOT NULL,
	"cached_tokens" bigint NOT NULL,
	"cost" numeric(20, 8) NOT NULL,
	CONSTRAINT "usage_totals_key" UNIQUE NULLS NOT DISTINCT("organization_id","month","user_id","action","model")
);
--> statement-breakpoint
ALTER TABLE "usage_totals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_owner" UNIQUE("id","organization_id");--> statement-breakpoint
UPDATE "usage_logs" SET "cost" = 0 WHERE "cost" IS NULL;--> statement-breakpoint
ALTER TABLE "usage_logs" ALTER COLUMN "cost" SET DEFAULT '0';--> statement-breakpoint
ALTER TABLE "usage_logs" ALTER COLUMN "cost" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "question_credits" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "suspended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "erasure_requested_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "subscription_plans" ADD COLUMN "concurrent_questions" integer NOT NULL DEFAULT 5;--> statement-breakpoint
ALTER TABLE "subscription_plans" ALTER COLUMN "concurrent_questions" DROP DEFAULT;--> statement-breakpoint
UPDATE "subscription_plans" SET "concurrent_questions" = CASE "tier" WHEN 'demo' THEN 2 WHEN 'professional' THEN 20 WHEN 'enterprise' THEN 50 ELSE 5 END;--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "request_id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "attempt" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_logs" ADD COLUMN "outcome" text DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "language" text DEFAULT 'ru' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "administrator" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_owner" FOREIGN KEY ("user_id","organization_id") REFERENCES "public"."users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_tokens" ADD CONSTRAINT "email_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transaction_owner" FOREIGN KEY ("transaction_id","organization_id") REFERENCES "public"."ledger_transactions"("id","organization_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_invoice_owner" FOREIGN KEY ("invoice_id","organization_id") REFERENCES "public"."invoices"("id","organization_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_overrides" ADD CONSTRAINT "plan_overrides_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_tier_subscription_plans_tier_fk" FOREIGN KEY ("tier") REFERENCES "public"."subscription_plans"("tier") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_next_tier_subscription_plans_tier_fk" FOREIGN KEY ("next_tier") REFERENCES "public"."subscription_plans"("tier") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_counters" ADD CONSTRAINT "token_counters_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD CONSTRAINT "usage_reservations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_totals" ADD CONSTRAINT "usage_totals_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_organization" ON "api_keys" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "audit_log_organization" ON "audit_log" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "email_tokens_user" ON "email_tokens" USING btree ("user_id","purpose");--> statement-breakpoint
CREATE INDEX "email_tokens_expiry" ON "email_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_pending" ON "invitations" USING btree ("organization_id",lower("email")) WHERE "invitations"."accepted_at" is null and "invitations"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "invitations_organization" ON "invitations" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "invoices_organization" ON "invoices" USING btree ("organization_id","issued_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "ledger_entries_organization" ON "ledger_entries" USING btree ("organization_id","account");--> statement-breakpoint
CREATE INDEX "ledger_transactions_organization" ON "ledger_transactions" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "notifications_age" ON "notifications" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "payments_invoice" ON "payments" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "revocations_at" ON "revocations" USING btree ("at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_age" ON "sign_in_failures" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "subscriptions_due" ON "subscriptions" USING btree ("period_end");--> statement-breakpoint
CREATE INDEX "token_counters_age" ON "token_counters" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "usage_reservations_open" ON "usage_reservations" USING btree ("organization_id","expires_at") WHERE "usage_reservations"."state" in ('reserved', 'started');--> statement-breakpoint
CREATE INDEX "usage_reservations_expiry" ON "usage_reservations" USING btree ("expires_at") WHERE "usage_reservations"."state" in ('reserved', 'started');--> statement-breakpoint
CREATE INDEX "usage_reservations_age" ON "usage_reservations" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "usage_logs" ADD CONSTRAINT "usage_logs_attempt" UNIQUE("organization_id","request_id","attempt");--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_credits" CHECK ("organizations"."question_credits" >= 0);--> statement-breakpoint
CREATE VIEW "public"."organization_plans" WITH (security_invoker = true) AS (select o.id as organization_id, p.tier, p.name_ru, p.name_en, coalesce(v.questions_per_day, p.questions_per_day) as questions_per_day, coalesce(v.questions_per_month, p.questions_per_month) as questions_per_month, coalesce(v.concurrent_questions, p.concurrent_questions) as concurrent_questions, coalesce(v.documents, p.documents) as documents, coalesce(v.users, p.users) as users, coalesce(v.model_policy, p.model_policy) as model_policy, coalesce(v.max_tokens_per_question, p.max_tokens_per_question) as max_tokens_per_question, coalesce(v.file_bytes, p.file_bytes) as file_bytes, coalesce(v.storage_bytes, p.storage_bytes) as storage_bytes
      from organizations o
      join subscription_plans p on p.tier = o.tier
      left join plan_overrides v on v.organization_id = o.id);--> statement-breakpoint
CREATE POLICY "api_keys_tenant" ON "api_keys" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("api_keys"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("api_keys"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "api_keys_platform" ON "api_keys" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_log_tenant" ON "audit_log" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("audit_log"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("audit_log"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "audit_log_platform" ON "audit_log" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_log_identity" ON "audit_log" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "email_tokens_identity" ON "email_tokens" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "email_tokens_platform" ON "email_tokens" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invitations_tenant" ON "invitations" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("invitations"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("invitations"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "invitations_platform" ON "invitations" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invitations_identity" ON "invitations" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invoice_numbers_tenant" ON "invoice_numbers" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invoice_numbers_platform" ON "invoice_numbers" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invoices_tenant" ON "invoices" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("invoices"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("invoices"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "invoices_platform" ON "invoices" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "ledger_entries_tenant" ON "ledger_entries" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("ledger_entries"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("ledger_entries"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "ledger_entries_platform" ON "ledger_entries" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "ledger_transactions_tenant" ON "ledger_transactions" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("ledger_transactions"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("ledger_transactions"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "ledger_transactions_platform" ON "ledger_transactions" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "model_prices_tenant" ON "model_prices" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "model_prices_platform" ON "model_prices" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notifications_tenant" ON "notifications" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("notifications"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("notifications"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "notifications_platform" ON "notifications" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notifications_identity" ON "notifications" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "payments_tenant" ON "payments" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("payments"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("payments"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "payments_platform" ON "payments" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "plan_overrides_tenant" ON "plan_overrides" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("plan_overrides"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("plan_overrides"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "plan_overrides_platform" ON "plan_overrides" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rate_buckets_tenant" ON "rate_buckets" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rate_buckets_identity" ON "rate_buckets" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rate_buckets_platform" ON "rate_buckets" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "revocations_tenant" ON "revocations" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "revocations_identity" ON "revocations" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "revocations_platform" ON "revocations" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "sign_in_failures_identity" ON "sign_in_failures" AS PERMISSIVE FOR ALL TO "pandect_identity" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "sign_in_failures_platform" ON "sign_in_failures" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "subscriptions_tenant" ON "subscriptions" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("subscriptions"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("subscriptions"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "subscriptions_platform" ON "subscriptions" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "token_counters_tenant" ON "token_counters" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("token_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("token_counters"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "token_counters_platform" ON "token_counters" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "usage_reservations_tenant" ON "usage_reservations" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("usage_reservations"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("usage_reservations"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "usage_reservations_platform" ON "usage_reservations" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "usage_totals_tenant" ON "usage_totals" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("usage_totals"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("usage_totals"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "usage_totals_platform" ON "usage_totals" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);