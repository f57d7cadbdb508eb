CREATE TABLE "wallet_entries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"wallet_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"reason" text NOT NULL,
	"reference" text NOT NULL,
	"nth" integer DEFAULT 1 NOT NULL,
	"amount" bigint NOT NULL,
	"debt" bigint DEFAULT 0 NOT NULL,
	"actor" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "wallet_entries_once" UNIQUE("wallet_id","unit","reason","reference","nth"),
	CONSTRAINT "wallet_entries_change" CHECK ("wallet_entries"."amount" <> 0 or "wallet_entries"."debt" <> 0)
);
--> statement-breakpoint
ALTER TABLE "wallet_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "wallet_day" date;--> statement-breakpoint
ALTER TABLE "usage_reservations" ADD COLUMN "wallet_month" date;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "zone_changed_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "wallet_entries_wallet" ON "wallet_entries" USING btree ("organization_id","wallet_id","created_at");--> statement-breakpoint
CREATE INDEX "wallet_entries_debt" ON "wallet_entries" USING btree ("wallet_id","unit") WHERE "wallet_entries"."debt" <> 0;--> statement-breakpoint
CREATE POLICY "wallet_entries_tenant" ON "wallet_entries" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("wallet_entries"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("wallet_entries"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "wallet_entries_platform" ON "wallet_entries" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT ON wallet_entries TO pandect_tenant, pandect_platform;--> statement-breakpoint
CREATE TRIGGER keep_ledger BEFORE UPDATE OR DELETE ON wallet_entries FOR EACH ROW EXECUTE FUNCTION keep_ledger();--> statement-breakpoint
INSERT INTO wallet_entries (organization_id, wallet_id, unit, reason, reference, amount)
SELECT organization_id, owner_id, unit, 'grant', 'before entries were kept', sum(amount) FROM unit_credits
WHERE owner_id <> organization_id AND amount > 0 GROUP BY 1, 2, 3;
