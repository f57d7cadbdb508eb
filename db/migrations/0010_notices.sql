ALTER TABLE "documents" ADD COLUMN "notices" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "notices_omitted" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "parsed_pages" ADD COLUMN "notices" jsonb DEFAULT '[]'::jsonb NOT NULL;