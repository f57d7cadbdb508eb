-- An admission writes questions in both places by itself, see `reserve_units`.
DROP TRIGGER mirror_question_counters ON question_counters;
--> statement-breakpoint
DROP TRIGGER mirror_question_counters ON usage_counters;
--> statement-breakpoint
CREATE TRIGGER mirror_question_counters AFTER INSERT OR UPDATE ON question_counters FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND current_setting('app.mirror', true) IS DISTINCT FROM 'off') EXECUTE FUNCTION mirror_question_counters();
--> statement-breakpoint
CREATE TRIGGER mirror_question_counters AFTER INSERT OR UPDATE ON usage_counters FOR EACH ROW
WHEN (pg_trigger_depth() = 0 AND NEW.unit = 'question' AND NEW.owner_id = NEW.organization_id
  AND current_setting('app.mirror', true) IS DISTINCT FROM 'off') EXECUTE FUNCTION mirror_question_counters();
