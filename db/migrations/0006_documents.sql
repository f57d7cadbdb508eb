CREATE TABLE "index_generations" (
	"generation" integer PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"chunker" text NOT NULL,
	"embedding_model" text NOT NULL,
	"dimensions" integer NOT NULL,
	"store" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"verified_at" timestamp (3) with time zone,
	"live_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "index_generations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "indexed_documents" (
	"generation" integer NOT NULL,
	"document_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "indexed_documents_generation_document_id_pk" PRIMARY KEY("generation","document_id")
);
--> statement-breakpoint
ALTER TABLE "indexed_documents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "parsed_pages" (
	"document_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"first" integer NOT NULL,
	"pages" text[] NOT NULL,
	CONSTRAINT "parsed_pages_document_id_first_pk" PRIMARY KEY("document_id","first")
);
--> statement-breakpoint
ALTER TABLE "parsed_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "chunks_order";--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "generation" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "unit_start" integer;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "unit_end" integer;--> statement-breakpoint
-- Until a document is indexed anew, each of its chunks is a unit of its own.
UPDATE "chunks" SET "unit_start" = "start", "unit_end" = "end";--> statement-breakpoint
ALTER TABLE "chunks" ALTER COLUMN "unit_start" SET NOT NULL, ALTER COLUMN "unit_end" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "type" text;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "dated" date;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "description" text;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "replaces" uuid;--> statement-breakpoint
ALTER TABLE "indexed_documents" ADD CONSTRAINT "indexed_documents_generation_index_generations_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."index_generations"("generation") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indexed_documents" ADD CONSTRAINT "indexed_documents_document" FOREIGN KEY ("document_id","organization_id") REFERENCES "public"."documents"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parsed_pages" ADD CONSTRAINT "parsed_pages_document" FOREIGN KEY ("document_id","organization_id") REFERENCES "public"."documents"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "chunks_order" ON "chunks" USING btree ("document_id","generation","ordinal");--> statement-breakpoint
CREATE POLICY "index_generations_tenant" ON "index_generations" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "index_generations_platform" ON "index_generations" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "indexed_documents_tenant" ON "indexed_documents" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("indexed_documents"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("indexed_documents"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "indexed_documents_platform" ON "indexed_documents" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "parsed_pages_tenant" ON "parsed_pages" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("parsed_pages"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("parsed_pages"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "parsed_pages_platform" ON "parsed_pages" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT ON index_generations TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON indexed_documents, parsed_pages TO pandect_tenant;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON index_generations, indexed_documents, parsed_pages TO pandect_platform;
