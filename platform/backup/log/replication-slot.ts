import type { Sql } from 'postgres';
import { connect } from '../../../db/connect.ts';
import { parsePosition, parseSegmentName } from './position.ts';

export const SLOT = 'pandect_backup';

/** Less would be lost by one busy minute. */
const LEAST_MEGABYTES = 64;

interface SlotState {
  /** `lost` when the server has removed log that was not received yet, as it would have become too much. */
  status: 'missing' | 'lost' | 'kept';
  /** The server's process that sends to whatever receives. */
  sender: number | undefined;
}

/** What the server knows of the log and of who receives it. */
export interface LogSource {
  slot(): Promise<SlotState>;
  /** Log that waits for a receiver is kept up to so much: then it is lost, and the service stays up. */
  bound(bytes: number): Promise<void>;
  /** Keeps log for a receiver from now on. @returns the timeline */
  createSlot(): Promise<number>;
  dropSlot(): Promise<void>;
  /** Ends the sending to a receiver that an earlier supervisor has left. */
  detachReceiver(): Promise<void>;
  /** The time, and how much of the log is on the server's disk by then: all that was committed before. */
  flushed(): Promise<{ at: Date; position: number }>;
  /** How much the receiver has written. */
  received(): Promise<number | undefined>;
}

/** Connects for the time of the work, so that nothing is held in between. */
export async function withLogSource<T>(url: string, work: (source: LogSource) => Promise<T>): Promise<T> {
  const sql = connect(url, { applicationName: 'pandect log' });
  try {
    return await work(openSource(sql));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function openSource(sql: Sql): LogSource {
  return {
    async slot() {
      const [row] = await sql<{ status: string | null; sender: number | null }[]>`
        select wal_status as status, active_pid as sender from pg_replication_slots where slot_name = ${SLOT}`;
      if (!row) return { status: 'missing', sender: undefined };
      return { status: row.status === 'lost' ? 'lost' : 'kept', sender: row.sender ?? undefined };
    },
    async bound(bytes) {
      const megabytes = String(Math.max(Math.floor(bytes / 1024 ** 2), LEAST_MEGABYTES));
      const [row] = await sql<{ setting: string }[]>`
        select setting from pg_settings where name = 'max_slot_wal_keep_size'`;
      if (row?.setting === megabytes) return;
      // Apart from the settings that are written at a start, as a server that runs on is not started again.
      await sql.unsafe(`alter system set max_slot_wal_keep_size = '${megabytes}MB'`);
      await sql`select pg_reload_conf()`;
    },
    async createSlot() {
      await sql`select pg_create_physical_replication_slot(${SLOT}, true)`;
      const [row] = await sql<{ name: string }[]>`select pg_walfile_name(pg_current_wal_insert_lsn()) as name`;
      return parseSegmentName(row?.name ?? '')?.timeline ?? 1;
    },
    async dropSlot() {
      await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${SLOT}`;
    },
    async detachReceiver() {
      await sql`
        select pg_terminate_backend(active_pid, 5000) from pg_replication_slots
        where slot_name = ${SLOT} and active_pid is not null`;
    },
    async flushed() {
      const at = new Date();
      const [row] = await sql<{ position: string }[]>`select pg_current_wal_flush_lsn()::text as position`;
      return { at, position: parsePosition(row?.position ?? '') };
    },
    async received() {
      const [row] = await sql<{ position: string | null }[]>`
        select write_lsn::text as position from pg_stat_replication
        where pid = (select active_pid from pg_replication_slots where slot_name = ${SLOT})`;
      return row?.position == null ? undefined : parsePosition(row.position);
    },
  };
}
