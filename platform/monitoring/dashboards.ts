import type { Dashboard } from './panel.ts';
import { aiAndMoney } from './tables/ai-and-money.ts';
import { dataAndHost } from './tables/data-and-host.ts';
import { functions } from './tables/functions.ts';
import { overview } from './tables/overview.ts';
import { safety } from './tables/safety.ts';
import { workers } from './tables/workers.ts';

export const dashboards: readonly Dashboard[] = [overview, functions, workers, aiAndMoney, dataAndHost, safety];
