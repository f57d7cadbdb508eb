CREATE TABLE "followed_images" (
	"image_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"bot_id" uuid NOT NULL,
	"bot_user_id" uuid NOT NULL,
	"chat_id" text NOT NULL,
	"occasion" text NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"said" text NOT NULL,
	"said_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "followed_images" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "images" ADD COLUMN "wallet_id" uuid;--> statement-breakpoint
ALTER TABLE "followed_images" ADD CONSTRAINT "followed_images_image" FOREIGN KEY ("image_id","organization_id") REFERENCES "public"."images"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "followed_images" ADD CONSTRAINT "followed_images_owner" FOREIGN KEY ("bot_user_id","organization_id") REFERENCES "public"."bot_users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "followed_images_user" ON "followed_images" USING btree ("bot_user_id");--> statement-breakpoint
CREATE INDEX "images_wallet" ON "images" USING btree ("wallet_id","created_at" DESC NULLS LAST,"id") WHERE wallet_id is not null;--> statement-breakpoint
CREATE POLICY "followed_images_tenant" ON "followed_images" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("followed_images"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("followed_images"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "followed_images_platform" ON "followed_images" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON followed_images TO pandect_tenant, pandect_platform;
