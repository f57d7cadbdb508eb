import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { queue } from '../../../platform/runtime/providers/queue.ts';
import { createReceiver } from './create-receiver.ts';

export const receiver = defineProvider([], async (boot) => createReceiver(await boot.useAll({ database, queue })));
