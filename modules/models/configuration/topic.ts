import type { Transaction } from '../../../db/client.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';

/* What processes are told of when the configuration or one of its keys changes. */

export const TOPIC = 'gateway';
export const RECORD = 'configuration';

export const announceConfiguration = (tx: Transaction): Promise<void> => announce(tx, TOPIC, RECORD);
