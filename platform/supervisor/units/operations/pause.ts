import { HTTPException } from 'hono/http-exception';
import type { ManagedUnit } from '../managed-unit.ts';
import { note } from '../move.ts';
import { startCount } from '../state.ts';

/** Lets the jobs of a worker's queue wait, or be worked on again. @throws for a function */
export async function pause(managed: ManagedUnit, paused: boolean): Promise<void> {
  if (managed.declared.kind === 'function') {
    throw new HTTPException(400, { message: `Pause queue "${managed.name}": it is a function, which has no queue` });
  }
  note(managed, { event: 'paused', paused });
  await managed.tools.journal.save();
  const { record, current } = managed.state;
  await current?.scale(paused ? 0 : startCount(current.unit, record, 1));
}
