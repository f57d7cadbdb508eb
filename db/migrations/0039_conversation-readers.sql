CREATE TABLE "conversation_readers" (
	"conversation_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"shared_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_readers_conversation_id_user_id_pk" PRIMARY KEY("conversation_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "conversation_readers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "conversation_readers" ADD CONSTRAINT "conversation_readers_conversation" FOREIGN KEY ("conversation_id","organization_id") REFERENCES "public"."conversations"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_readers" ADD CONSTRAINT "conversation_readers_user" FOREIGN KEY ("user_id","organization_id") REFERENCES "public"."users"("id","organization_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_readers_member" ON "conversation_readers" USING btree ("user_id");--> statement-breakpoint
CREATE POLICY "conversation_readers_tenant" ON "conversation_readers" AS PERMISSIVE FOR ALL TO "pandect_tenant" USING ("conversation_readers"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid) WITH CHECK ("conversation_readers"."organization_id" = nullif(current_setting('app.organization_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "conversation_readers_platform" ON "conversation_readers" AS PERMISSIVE FOR ALL TO "pandect_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_readers TO pandect_tenant, pandect_platform;
