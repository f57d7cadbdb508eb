import type { Sql } from 'postgres';
import { waitUntil } from '../../platform/services/processes.ts';

/** Names the locks of gates among those of the database. */
const GATES = 71;
const REACH_SECONDS = 90;

/**
 * Gates in statements about a generation: each stops a transaction in the statement that it is named after, when the generation's prompt
 * is that name and the gate is closed. The connection of a process that was killed is given up while it waits, and its transaction is
 * rolled back, as a server does that notices it.
 */
export async function placeGates(sql: Sql, databaseName: string): Promise<void> {
  await sql`alter database ${sql(databaseName)} set client_connection_check_interval = '100ms'`;
  await sql.unsafe(`
    create function pass_gate(place text, prompt text) returns void language plpgsql security definer as $$
    begin
      if prompt = place then perform pg_advisory_xact_lock_shared(${GATES}, hashtext(place)); end if;
    end $$;
    create function image_gate() returns trigger language plpgsql security definer as $$
    begin
      perform pass_gate(case
        when new.attempt > old.attempt then 'submitting'
        when old.reference is null and new.reference is not null then 'reference'
        when new.status = 'running' and old.status <> 'running' then 'running'
        when new.status = 'storing' then 'storing' end, new.prompt);
      return new;
    end $$;
    create function file_gate() returns trigger language plpgsql security definer as $$
    begin
      perform pass_gate('files', i.prompt) from images i where i.id = new.image_id;
      return new;
    end $$;
    create function settle_gate() returns trigger language plpgsql security definer as $$
    begin
      perform pass_gate('settle', i.prompt) from images i where i.request_id = new.request_id;
      return new;
    end $$;
    create function job_gate() returns trigger language plpgsql security definer as $$
    begin
      if new.state = 'completed' then
        perform pass_gate('job', i.prompt) from images i where i.id::text = new.data ->> 'imageId';
      end if;
      return new;
    end $$;
    create trigger gate before update on images for each row execute function image_gate();
    create trigger gate before insert on image_files for each row execute function file_gate();
    create trigger gate before update on usage_reservations for each row execute function settle_gate();
    create trigger gate before update on pgboss.job for each row execute function job_gate();
  `);
}

export interface ClosedGate {
  /** Resolves once a process stands in front of it. */
  reached(): Promise<void>;
  release(): Promise<void>;
}

export async function closeGate(sql: Sql, place: string): Promise<ClosedGate> {
  const lock = await sql.reserve();
  await lock`select pg_advisory_lock(${GATES}, hashtext(${place}))`;
  const isReached = async () => {
    const waiting = await lock`
      select 1 from pg_locks where locktype = 'advisory' and classid = ${GATES} and objid = hashtext(${place})::oid and not granted`;
    return waiting.length > 0;
  };
  return {
    async reached() {
      if (!(await waitUntil(isReached, REACH_SECONDS))) throw new Error(`Close gate "${place}": no process came`);
    },
    async release() {
      await lock`select pg_advisory_unlock(${GATES}, hashtext(${place}))`;
      lock.release();
    },
  };
}
