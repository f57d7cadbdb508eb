DROP INDEX "documents_content";--> statement-breakpoint
-- Checkpoints of who reads at this moment: it begins anew.
DELETE FROM "parsed_pages";--> statement-breakpoint
ALTER TABLE "parsed_pages" ADD COLUMN "parser" text NOT NULL;--> statement-breakpoint
CREATE INDEX "documents_replaces" ON "documents" USING btree ("replaces") WHERE replaces is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "documents_content" ON "documents" USING btree ("organization_id","sha256") WHERE status <> 'replaced';
