import { HTTPException } from 'hono/http-exception';
import { botSeal } from '../../modules/bots/records/provide-bot-seal.ts';
import { bots as botRecords } from '../../modules/bots/records/provide-bots.ts';
import { indexSettings } from '../../modules/legal/index/provide-index-settings.ts';
import { retention } from '../../modules/legal/retention/provide-retention.ts';
import { telegram } from '../../modules/messages/telegram/index.ts';
import { gatewayDesk } from '../../modules/models/configuration/provide-desk.ts';
import { exchange } from '../../modules/models/gateway/provide-gateway.ts';
import { refusedCalls } from '../../modules/models/upstream/provide-refused-calls.ts';
import { upstreamState } from '../../modules/models/upstream/provide-state.ts';
import { Refused } from '../../platform/kernel/refused.ts';
import { S3_BUCKET, S3_ENDPOINT, STORAGE } from '../../platform/kernel/variables.ts';
import { defineProvider, type Provided } from '../../platform/runtime/boot.ts';
import { createRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { jobDesk } from '../../platform/runtime/providers/job-desk.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { administration } from './routes/administration.ts';
import { audit } from './routes/audit.ts';
import { books } from './routes/books.ts';
import { bots } from './routes/bots.ts';
import { files } from './routes/files.ts';
import { gateway } from './routes/gateway.ts';
import { gatewayBreakers } from './routes/gateway-breakers.ts';
import { gatewayCalls } from './routes/gateway-calls.ts';
import { gatewayKeys } from './routes/gateway-keys.ts';
import { gatewayPrices } from './routes/gateway-prices.ts';
import { gatewaySecrets } from './routes/gateway-secrets.ts';
import { gatewayTest } from './routes/gateway-test.ts';
import { images } from './routes/images.ts';
import { indexes } from './routes/indexes.ts';
import { jobs } from './routes/jobs.ts';
import { load } from './routes/load.ts';
import { retention as retentionRoutes } from './routes/retention.ts';
import { storage } from './routes/storage.ts';
import { wallets } from './routes/wallets.ts';

const storagePlace = defineProvider([STORAGE, S3_ENDPOINT, S3_BUCKET], (_, { STORAGE, S3_ENDPOINT, S3_BUCKET }) => ({
  storage: STORAGE,
  endpoint: (STORAGE === 's3' && S3_ENDPOINT) || null,
  bucket: (STORAGE === 's3' && S3_BUCKET) || null,
}));

export const provide = {
  ...{ database, queue, jobDesk, indexSettings, retention, gatewayDesk, upstreamState, refusedCalls, exchange },
  ...{ storagePlace, bots: botRecords, seal: botSeal, telegram },
};

const statuses = { malformed: 400, missing: 404, conflict: 409 } as const;

/** What the operator's commands do to people, money, bots, jobs, files, the gateway and the search index. An operator may see every reason. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.onError((error, c) => {
    if (error instanceof Refused) return c.json({ message: error.message }, statuses[error.reason]);
    if (error instanceof HTTPException) return c.json({ message: error.message }, error.status);
    c.var.log.error({ error }, 'Request failed');
    return c.json({ message: error.message }, 500);
  });
  administration(router, deps);
  audit(router, deps);
  books(router, deps);
  bots(router, deps);
  files(router, deps);
  gateway(router, deps);
  gatewayBreakers(router, deps);
  gatewayCalls(router, deps);
  gatewayKeys(router, deps);
  gatewayPrices(router, deps);
  gatewaySecrets(router, deps);
  gatewayTest(router, deps);
  images(router, deps);
  indexes(router, deps);
  jobs(router, deps);
  load(router, deps);
  retentionRoutes(router, deps);
  storage(router, deps);
  wallets(router, deps);
  return router;
}
