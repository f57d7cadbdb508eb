import type { Boot } from '../../../platform/runtime/boot.ts';
import { configurations } from '../configuration/provide-configurations.ts';
import { upstreamState } from '../upstream/provide-state.ts';
import { observeBreakers } from './observe-breakers.ts';

/** Shows breakers once in each process that asks models. */
export async function breakerFigures(boot: Boot): Promise<void> {
  const made = await boot.useAll({ upstreamState, configurations });
  observeBreakers(boot.metrics, made.upstreamState, async () => (await made.configurations.platform()).targets());
}
