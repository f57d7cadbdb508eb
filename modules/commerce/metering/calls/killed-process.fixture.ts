import { createDatabase } from '../../../../db/client.ts';
import { createCallMetering } from './call-metering.ts';
import { openJournal } from './journal.ts';

/*
 * A process that makes calls until it is killed. It prints the output tokens of each call once `settle` has resolved, which is when a
 * caller would have its answer.
 */
const [url = '', folder = '', organizationId = ''] = process.argv.slice(2);
const database = createDatabase({ url });
const metering = createCallMetering(
  database,
  { tokensPerMinute: { external: 1e12, internal: 1e12 } },
  { journal: openJournal(folder) },
);
const target = { target: 'first', price: 'plain' };

async function call(): Promise<void> {
  const requestId = crypto.randomUUID();
  const output = 1 + Math.floor(Math.random() * 50);
  await metering.reserve({
    ...{
      organizationId,
      userId: null,
      keyId: null,
      channel: 'external',
      requestId,
      action: 'gateway',
      route: 'default',
    },
    ...{ targets: [target], usage: { input: 10, output: 100 }, secondsOpen: 3_600 },
  });
  const attempt = { attempt: 1, outcome: 'done', usage: { input: 10, output }, isEstimated: false, ms: 1 } as const;
  await metering.settle({ organizationId, requestId, ending: 'settled', attempts: [{ ...target, ...attempt }] });
  process.stdout.write(`${requestId} ${output}\n`);
}

await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (true) await call();
  }),
);
