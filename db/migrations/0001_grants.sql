-- What each group role may do at all; which rows it may do it with is decided by the policies of 0000.
GRANT USAGE ON SCHEMA public TO pandect_tenant, pandect_identity, pandect_platform;
--> statement-breakpoint
GRANT SELECT ON subscription_plans TO pandect_tenant, pandect_identity, pandect_platform;
--> statement-breakpoint
-- A tenant may not choose its own plan, nor read password hashes or refresh tokens.
GRANT SELECT ON organizations TO pandect_tenant;
--> statement-breakpoint
GRANT UPDATE (name, tokens_used, ai_cost, questions_used, storage_used, documents_version) ON organizations TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT (id, organization_id, email, role, created_at) ON users TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON documents, document_texts, chunks, conversations, messages, question_counters, idempotency_keys TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT ON usage_logs TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT ON organizations TO pandect_identity;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON users, refresh_tokens TO pandect_identity;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pandect_platform;
