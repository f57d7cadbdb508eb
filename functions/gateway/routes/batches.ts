import { z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { callEndpoints } from '../../../db/schema/models/batches.ts';
import { acceptBatch, cancelBatch, type NewBatch } from '../../../modules/models/batches/accept-batch.ts';
import { findBatch, listBatches, showBatch } from '../../../modules/models/batches/find-batch.ts';
import type { Json } from '../../../modules/models/dialects/contract.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { type FieldError, Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { describeOperation } from '../describe.ts';
import { readCallback } from '../read-callback.ts';
import { readJson } from '../read-json.ts';
import { readPage, showPage } from '../read-page.ts';

export interface BatchDeps {
  database: Database;
  queue: Queue;
  idempotency: Idempotency;
  callbackHosts: readonly string[];
}

const MOST_BYTES = 65_536;
const params = { id: z.string().openapi({ param: { name: 'id', in: 'path' } }) };
const paths = callEndpoints.map((endpoint) => `/v1/${endpoint}` as const);
const operations = [
  describeOperation({
    ...{ method: 'post', path: '/v1/batches', operationId: 'createBatch', summary: 'Make many calls from a file' },
    body: { input_file_id: z.string(), endpoint: z.enum(paths), completion_window: z.literal('24h') },
  }),
  describeOperation({
    ...{ method: 'get', path: '/v1/batches', operationId: 'listBatches', summary: 'Batches of the organization' },
  }),
  describeOperation({
    ...{ method: 'get', path: '/v1/batches/{id}', operationId: 'getBatch', summary: 'The state of a batch', params },
  }),
  describeOperation({
    ...{ method: 'post', path: '/v1/batches/{id}/cancel', operationId: 'cancelBatch', params },
    summary: 'Cancel a batch',
  }),
];

/** Many calls in one file, as OpenAI's clients know them. */
export function batches(router: Router, { database, queue, idempotency, callbackHosts }: BatchDeps): void {
  for (const operation of operations) router.openAPIRegistry.registerPath(operation);

  router.post('/v1/batches', async (c) => {
    const { caller } = c.var;
    const key = readIdempotencyKey(c.req.header('idempotency-key'));
    const { json } = await readJson(c, MOST_BYTES);
    const batch = { ...readBatch(json), callbackUrl: readCallback(c, callbackHosts) };
    const request = idempotentRequest(key, 'POST /v1/batches', batch);
    const shown = await idempotency.once<ReturnType<typeof showBatch>>(caller, request, (keep) =>
      database.tenant(caller.organizationId, async (tx) => {
        const accepted = showBatch(await acceptBatch(tx, queue, caller, batch));
        await keep(tx, accepted);
        return accepted;
      }),
    );
    return c.json(shown);
  });

  router.get('/v1/batches', async (c) => {
    const page = readPage(c);
    const rows = await database.tenant(c.var.caller.organizationId, (tx) => listBatches(tx, page));
    return c.json(showPage(page, rows, showBatch));
  });

  router.get('/v1/batches/:id', async (c) =>
    c.json(showBatch(await database.tenant(c.var.caller.organizationId, (tx) => findBatch(tx, c.req.param('id'))))),
  );

  router.post('/v1/batches/:id/cancel', async (c) => {
    const { organizationId } = c.var.caller;
    return c.json(showBatch(await database.tenant(organizationId, (tx) => cancelBatch(tx, queue, c.req.param('id')))));
  });
}

const [MOST_PAIRS, MOST_NAME, MOST_VALUE] = [16, 64, 512];
const known = ['input_file_id', 'endpoint', 'completion_window', 'metadata'];

/** @throws Problem invalid-request with every mistake */
function readBatch(json: Json): Omit<NewBatch, 'callbackUrl'> {
  const errors: FieldError[] = [];
  const refuse = (name: string, message: string) => void errors.push({ path: `body.${name}`, message });
  const { input_file_id: inputFileId, endpoint: path, completion_window: window, metadata } = json;
  for (const name of Object.keys(json)) if (!known.includes(name)) refuse(name.slice(0, MOST_NAME), 'is not known');
  if (typeof inputFileId !== 'string') refuse('input_file_id', 'must be the id of a file');
  const endpoint = callEndpoints.find((each) => path === `/v1/${each}`);
  if (!endpoint) refuse('endpoint', `must be one of ${paths.join(', ')}`);
  if (window !== '24h') refuse('completion_window', 'must be "24h"');
  if (!isMetadata(metadata))
    refuse('metadata', `must be at most ${MOST_PAIRS} names of ${MOST_NAME} and texts of ${MOST_VALUE} characters`);
  if (errors.length > 0 || typeof inputFileId !== 'string' || !endpoint) throw new Problem(invalidRequest, { errors });
  return { inputFileId, endpoint, metadata: (metadata ?? null) as NewBatch['metadata'] };
}

function isMetadata(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  const pairs = Object.entries(value);
  const isPair = ([name, text]: [string, unknown]) =>
    name.length <= MOST_NAME &&
    typeof text === 'string' &&
    text.length <= MOST_VALUE &&
    !`${name}${text}`.includes('\0');
  return pairs.length <= MOST_PAIRS && pairs.every(isPair);
}
