ALTER TABLE "payments" ADD COLUMN "mismatch" text;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "mismatch_at" timestamp with time zone;