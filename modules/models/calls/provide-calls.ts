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

/** The calls of this process. */
export const share = (): Share => createShare();
