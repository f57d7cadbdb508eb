CREATE TABLE "image_callbacks" (
	"image_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"delivery_key" text NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "image_callbacks_organization_id_provider_delivery_key_pk" PRIMARY KEY("organization_id","provider","delivery_key")
);
--> statement-breakpoint
ALTER TABLE "image_callbacks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "image_files" (
	"image_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"variant" text NOT NULL,
	"storage_key" text NOT NULL,
	"type" text NOT NULL,
	"bytes" bigint NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "image_files_image_id_index_variant_pk" PRIMARY KEY("image_id","index","variant"),
	CONSTRAINT "image_files_storageKey_unique" UNIQUE("storage_key")
);
--> statement-breakpoint
ALTER TABLE "image_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "images" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid,
	"key_id" uuid,
	"request_id" uuid NOT NULL,
	"model" text NOT NULL,
	"provider" text NOT NULL,
	"prompt" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"count" integer NOT NULL,
	"seed" bigint NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"reason" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"reference" text,
	"callback_token_hash" text,
	"cancel_asked_at" timestamp (3) with time zone,
	"uncertain_at" timestamp (3) with time zone,
	"progress_done" integer,
	"progress_total" integer,
	"version" integer DEFAULT 1 NOT NULL,
	"units_each" integer NOT NULL,
	"units" integer DEFAULT 0 NOT NULL,
	"maybe_charged" boolean DEFAULT false NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"held_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "images_owner" UNIQUE("id","organization_id"),
	CONSTRAINT "images_request" UNIQUE("organization_id","request_id")
);
--> statement-breakpoint
ALTER TABLE "images" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "image_callbacks" ADD CONSTRAINT "image_callbacks_image" FOREIGN KEY ("image_id","organization_id") REFERENCES "public"."images"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_files" ADD CONSTRAINT "image_files_image" FOREIGN KEY ("image_id","organization_id") REFERENCES "public"."images"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "image_callbacks_image_id" ON "image_callbacks" USING btree ("image_id");--> statement-breakpoint
CREATE UNIQUE INDEX "images_reference" ON "images" USING btree ("provider","reference") WHERE reference is not null;--> statement-breakpoint
CREATE INDEX "images_organization" ON "images" USING btree ("organization_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "images_open" ON "images" USING btree ("created_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "images_seconds" ON "images" USING btree ("model","ended_at" DESC NULLS LAST) WHERE status = 'done' and not late;--> statement-breakpoint
CREATE INDEX "images_refused" ON "images" USING btree ("organization_id","user_id","ended_at") WHERE status = 'refused';--> statement-breakpoint
CREATE POLICY "image_callbacks_tenant" ON "image_callbacks" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("image_callbacks"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("image_callbacks"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "image_callbacks_platform" ON "image_callbacks" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "image_files_tenant" ON "image_files" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("image_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("image_files"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "image_files_platform" ON "image_files" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "images_tenant" ON "images" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("images"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("images"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "images_platform" ON "images" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON images, image_files, image_callbacks TO pandect_tenant, pandect_platform;
