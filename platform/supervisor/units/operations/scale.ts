import { HTTPException } from 'hono/http-exception';
import type { ManagedUnit } from '../managed-unit.ts';
import { note } from '../move.ts';

/** So many processes whatever the load is; undefined lets the load decide again. @throws outside of the manifest's range */
export async function scale(managed: ManagedUnit, count: number | undefined): Promise<void> {
  const { kind, name, manifest } = managed.unit;
  const { min, max } = manifest.instances;
  if (count !== undefined && !(Number.isInteger(count) && count >= min && count <= max)) {
    throw new HTTPException(400, {
      message: `Scale ${kind} "${name}" to "${count}": its manifest allows ${min} to ${max}`,
    });
  }
  note(managed, { event: 'scaled', count });
  await managed.tools.journal.save();
  const { record, current } = managed.state;
  if (count !== undefined && !record.paused) await current?.scale(count);
}
