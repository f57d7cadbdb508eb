import { HTTPException } from 'hono/http-exception';
import { describeRoom } from '../../database-connections.ts';
import type { ManagedUnit } from '../managed-unit.ts';
import { note } from '../move.ts';

/** So many processes whatever the load is; undefined lets the load decide again. @throws outside of the manifest's range, or of what the database has room for */
export async function scale(managed: ManagedUnit, count: number | undefined): Promise<void> {
  const { kind, name, manifest } = managed.unit;
  const { min, max } = manifest.instances;
  if (count !== undefined && !(Number.isInteger(count) && count >= min && count <= max)) {
    throw new HTTPException(400, {
      message: `Scale ${kind} "${name}" to "${count}": its manifest allows ${min} to ${max}`,
    });
  }
  const room = managed.tools.connectionRoom(managed.unit);
  const more = (count ?? 0) - Math.max(1, min, managed.state.current?.wanted ?? 0);
  if (room && more > room.processes) {
    throw new HTTPException(400, { message: `Scale ${kind} "${name}" to "${count}": ${describeRoom(room)}` });
  }
  note(managed, { event: 'scaled', count });
  await managed.tools.journal.save();
  const { record, current } = managed.state;
  if (count !== undefined && !record.paused) await current?.scale(count);
}
