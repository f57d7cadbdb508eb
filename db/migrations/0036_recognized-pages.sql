CREATE TABLE "recognized_pages" (
	"document_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"page" integer NOT NULL,
	"width" real NOT NULL,
	"height" real NOT NULL,
	"words" integer[] NOT NULL,
	CONSTRAINT "recognized_pages_document_id_page_pk" PRIMARY KEY("document_id","page")
);
--> statement-breakpoint
ALTER TABLE "recognized_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "parsed_pages" ADD COLUMN "recognized" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "recognized_pages" ADD CONSTRAINT "recognized_pages_document" FOREIGN KEY ("document_id","organization_id") REFERENCES "public"."documents"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "recognized_pages_tenant" ON "recognized_pages" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("recognized_pages"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("recognized_pages"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "recognized_pages_platform" ON "recognized_pages" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON recognized_pages TO pandect_tenant, pandect_platform;
