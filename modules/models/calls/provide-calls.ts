import { setPriority } from 'node:os';
import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { gateway } from '../gateway/provide-gateway.ts';
import type { CallMaker } from './call-maker.ts';
import { createCallMaker } from './create-call-maker.ts';
import { createShare, type Share } from './share.ts';

export async function callMaker(boot: Boot): Promise<CallMaker> {
  const made = await boot.useAll({ gateway, database });
  return createCallMaker(made.gateway, made.database);
}

/** Steps behind the processes of live calls, where cores are short. */
const NICENESS = 5;

/** The calls of this process, which gives way to those that answer people. */
export function share({ log }: Boot): Share {
  try {
    setPriority(NICENESS);
  } catch (error) {
    log.info({ error }, 'Process priority: not lowered');
  }
  return createShare();
}
