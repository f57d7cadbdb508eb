-- Every process forgets revoked tokens, and limits rates while Redis is away.
GRANT SELECT ON revocations TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_buckets TO pandect_tenant, pandect_identity;
--> statement-breakpoint
ALTER TABLE rate_buckets SET UNLOGGED;
--> statement-breakpoint
-- What an organization has and uses: any of its functions may see it, and meter what it does.
GRANT SELECT ON organization_plans TO pandect_tenant, pandect_identity, pandect_platform;
--> statement-breakpoint
GRANT SELECT ON plan_overrides, model_prices, subscriptions, invoices, payments, ledger_transactions, ledger_entries, audit_log TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT ON plan_overrides TO pandect_identity;
--> statement-breakpoint
GRANT UPDATE (question_credits) ON organizations TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT (language, email_confirmed_at) ON users TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON usage_reservations, usage_totals, token_counters TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT ON api_keys TO pandect_tenant;
--> statement-breakpoint
GRANT UPDATE (last_used_at) ON api_keys TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT (id, organization_id, email, role, invited_by, expires_at, accepted_at, revoked_at, created_at) ON invitations TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT (id, organization_id, kind, reference, email, language, state, created_at, closed_at), INSERT ON notifications TO pandect_tenant, pandect_identity;
--> statement-breakpoint
-- Who belongs to an organization and what may act for it.
GRANT INSERT ON audit_log TO pandect_organization, pandect_billing, pandect_identity;
--> statement-breakpoint
GRANT INSERT, UPDATE ON revocations TO pandect_organization, pandect_identity;
--> statement-breakpoint
GRANT SELECT ON revocations TO pandect_identity;
--> statement-breakpoint
GRANT UPDATE (role, language), DELETE ON users TO pandect_organization;
--> statement-breakpoint
GRANT INSERT, UPDATE ON api_keys TO pandect_organization;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON invitations TO pandect_organization, pandect_identity;
--> statement-breakpoint
GRANT UPDATE (erasure_requested_at) ON organizations TO pandect_organization;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON email_tokens, sign_in_failures TO pandect_identity;
--> statement-breakpoint
-- What an organization owes and pays. Nothing of it is ever deleted, nor an entry of the ledger changed.
GRANT INSERT, UPDATE ON subscriptions, payments TO pandect_billing;
--> statement-breakpoint
GRANT INSERT, UPDATE (state, closed_at) ON invoices TO pandect_billing;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON invoice_numbers TO pandect_billing;
--> statement-breakpoint
GRANT INSERT ON ledger_transactions, ledger_entries TO pandect_billing;
--> statement-breakpoint
GRANT UPDATE (tier, subscription_started_at, subscription_ends_at, question_credits) ON organizations TO pandect_billing;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_overrides, model_prices, usage_reservations, usage_totals, token_counters, api_keys, invitations, email_tokens, sign_in_failures, revocations, subscriptions, notifications, rate_buckets TO pandect_platform;
--> statement-breakpoint
GRANT SELECT, INSERT ON audit_log, ledger_transactions, ledger_entries TO pandect_platform;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON invoice_numbers, payments TO pandect_platform;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, closed_at) ON invoices TO pandect_platform;
--> statement-breakpoint
-- An invoice was handed out: only whether it is still open may change, and once it is closed nothing.
CREATE FUNCTION keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'open'
    OR to_jsonb(NEW) - 'state' - 'closed_at' <> to_jsonb(OLD) - 'state' - 'closed_at' THEN
    RAISE EXCEPTION 'Change invoice "%": it was issued', OLD.number USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_invoice BEFORE UPDATE OR DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION keep_invoice();
--> statement-breakpoint
CREATE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Change %: what was booked stays', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_ledger BEFORE UPDATE OR DELETE ON ledger_transactions FOR EACH ROW EXECUTE FUNCTION keep_ledger();
--> statement-breakpoint
CREATE TRIGGER keep_ledger BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION keep_ledger();
--> statement-breakpoint
-- Checked when the transaction commits, so that its entries may be written one by one.
CREATE FUNCTION balance_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  transaction uuid := CASE TG_TABLE_NAME WHEN 'ledger_entries' THEN (to_jsonb(NEW) ->> 'transaction_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
  difference bigint;
BEGIN
  SELECT sum(amount) INTO difference FROM ledger_entries WHERE transaction_id = transaction;
  IF difference IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'Book transaction "%": its entries sum to %', transaction, difference USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER balance_ledger AFTER INSERT ON ledger_transactions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION balance_ledger();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER balance_ledger AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION balance_ledger();
--> statement-breakpoint
-- First prices, in roubles for a million tokens; administrators add newer ones. The last row is for models without a price.
INSERT INTO model_prices (model, valid_from, prompt, completion, cached) VALUES
  ('local-extractive', '2026-01-01', 0, 0, 0),
  ('gpt-3.5-turbo', '2026-01-01', 50, 150, 50),
  ('gpt-4', '2026-01-01', 3000, 6000, 3000),
  ('*', '2026-01-01', 10000, 30000, 10000);
