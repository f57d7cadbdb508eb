CREATE INDEX "usage_logs_age" ON "usage_logs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "conversations_age" ON "conversations" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "documents_replaced_age" ON "documents" USING btree ("updated_at") WHERE status = 'replaced';--> statement-breakpoint
CREATE INDEX "audit_log_age" ON "audit_log" USING btree ("created_at");