ALTER TABLE "conversations" ADD COLUMN "shared_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "incomplete" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "stop_asked_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "conversations_shared" ON "conversations" USING btree ("organization_id","shared_at" DESC NULLS LAST,"id") WHERE shared_at is not null;