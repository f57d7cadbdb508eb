CREATE INDEX IF NOT EXISTS "usage_logs_age" ON "usage_logs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "conversations_age" ON "conversations" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "documents_replaced_age" ON "documents" USING btree ("updated_at") WHERE status = 'replaced';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "audit_log_age" ON "audit_log" USING btree ("created_at");