import { randomInt } from 'node:crypto';
import { defineProvider } from '../../../../platform/runtime/boot.ts';
import { database } from '../../../../platform/runtime/providers/database.ts';
import { metrics } from '../../../../platform/runtime/providers/metrics.ts';
import { notifications } from '../../../../platform/runtime/providers/notifications.ts';
import { channelLimits } from '../../../commerce/metering/provide-channel-limits.ts';
import { catalogue } from '../../../models/provide-models.ts';
import type { Skill } from '../../contract.ts';
import { createTarot } from './create-tarot.ts';

export const tarotSkill = defineProvider([], async (boot): Promise<Skill> => {
  const { limits, ...deps } = await boot.useAll({ database, metrics, notifications, catalogue, limits: channelLimits });
  const tokensPerMinute = { external: limits.external.tokens, internal: limits.internal.tokens };
  return createTarot({ ...deps, tokensPerMinute, randomInt });
});
