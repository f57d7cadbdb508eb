import type { Boot } from '../../../../platform/runtime/boot.ts';
import { cache } from '../../../../platform/runtime/providers/cache.ts';
import { database } from '../../../../platform/runtime/providers/database.ts';
import { metrics } from '../../../../platform/runtime/providers/metrics.ts';
import { notifications } from '../../../../platform/runtime/providers/notifications.ts';
import { publicOrigin } from '../../../../platform/runtime/providers/public-origin.ts';
import { singleFlight } from '../../../../platform/runtime/providers/single-flight.ts';
import { admission } from '../../../commerce/metering/provide-admission.ts';
import { answererOf } from '../../../legal/answers/provide-answerer.ts';
import { retrieval } from '../../../legal/search/provide-retrieval.ts';
import { catalogue } from '../../../models/provide-models.ts';
import type { Skill } from '../../contract.ts';
import { createAskSkill } from './ask-skill.ts';

export const askSkill = async (boot: Boot): Promise<Skill> =>
  createAskSkill(
    await boot.useAll({
      ...{ database, admission, retrieval, answererOf, catalogue, cache, singleFlight, notifications, metrics },
      origin: publicOrigin,
    }),
  );
