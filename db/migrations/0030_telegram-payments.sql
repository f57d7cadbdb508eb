CREATE TABLE "telegram_payments" (
	"bot_id" uuid NOT NULL,
	"charge_id" text NOT NULL,
	"organization_id" uuid NOT NULL,
	"wallet_id" uuid,
	"order_id" uuid,
	"telegram_id" text,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"state" text NOT NULL,
	"mismatch" text,
	"unit" text,
	"units" bigint,
	"is_recurring" boolean DEFAULT false NOT NULL,
	"is_reconciled" boolean DEFAULT false NOT NULL,
	"paid_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"refunded_at" timestamp with time zone,
	CONSTRAINT "telegram_payments_bot_id_charge_id_pk" PRIMARY KEY("bot_id","charge_id")
);
--> statement-breakpoint
ALTER TABLE "telegram_payments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "wallet_orders" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"wallet_id" uuid NOT NULL,
	"attempt" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"unit" text NOT NULL,
	"amount" bigint NOT NULL,
	"stars" integer NOT NULL,
	"price" bigint,
	"monthly" boolean DEFAULT false NOT NULL,
	"renewal" text,
	"paid_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"paid_at" timestamp with time zone,
	CONSTRAINT "wallet_orders_attempt" UNIQUE("wallet_id","attempt"),
	CONSTRAINT "wallet_orders_amounts" CHECK ("wallet_orders"."amount" > 0 and "wallet_orders"."stars" > 0 and coalesce("wallet_orders"."price", 1) > 0)
);
--> statement-breakpoint
ALTER TABLE "wallet_orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "telegram_payments_organization" ON "telegram_payments" USING btree ("organization_id","paid_at");--> statement-breakpoint
CREATE INDEX "telegram_payments_wallet" ON "telegram_payments" USING btree ("wallet_id");--> statement-breakpoint
CREATE INDEX "wallet_orders_organization" ON "wallet_orders" USING btree ("organization_id","wallet_id","created_at");--> statement-breakpoint
CREATE POLICY "telegram_payments_tenant" ON "telegram_payments" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("telegram_payments"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("telegram_payments"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "telegram_payments_platform" ON "telegram_payments" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "wallet_orders_tenant" ON "wallet_orders" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("wallet_orders"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("wallet_orders"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "wallet_orders_platform" ON "wallet_orders" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, renewal, paid_until, paid_at) ON wallet_orders TO pandect_tenant, pandect_platform;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, wallet_id, telegram_id, refunded_at) ON telegram_payments TO pandect_tenant, pandect_platform;
