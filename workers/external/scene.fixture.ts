import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject, onTestFinished } from 'vitest';
import { addKey, serveGateway } from '../../functions/gateway/gateway.fixture.ts';
import type { BackgroundWork } from '../../modules/models/calls/jobs.ts';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import { startUpstreamServer, type UpstreamScript } from '../../modules/testing/upstream-server.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const unit = { kind: 'worker', name: 'external', manifest } as const;

/** The gateway, and the worker of its asynchronous calls, in front of an upstream that follows a script. */
export async function externalScene() {
  const database = await testDatabase();
  const { owner: sql } = database;
  afterAll(() => database.close());
  await sql`
    insert into model_prices (model, valid_from, prompt, completion, cached)
    values ('small', '2020-01-01', 1000000, 2000000, 500000), ('large', '2020-01-01', 1000000, 2000000, 500000),
      ('text-embedding-3-small', '2020-01-01', 1000000, 0, 0)`;
  const mine = await testOrganization(database);

  async function open(script: UpstreamScript, more: TestEnvironment = {}) {
    const upstream = await startUpstreamServer(script);
    const folder = await mkdtemp(join(inject('services').folder, 'external-'));
    const environment = {
      ...{ OPENAI_API_KEY: 'sk-of-the-platform', OPENAI_BASE_URL: upstream.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
      ...{ OUTBOUND_INTERNAL_HOSTS: '127.0.0.1', AI_MODEL_STANDARD: 'small', AI_MODEL_ADVANCED: 'large' },
      ...more,
    };
    const gateway = await serveGateway(database, environment, folder);
    const worker = await testWorker(database, { name: 'external', manifest, module }, { environment, folder });
    await worker.boot.ready();
    onTestFinished(async () => {
      await gateway.close();
      await worker.close();
      await upstream.close();
      await sql`delete from pgboss.job where name in ('external', 'retry')`;
    });

    /** Jobs that wait, those whose time has come first; `early` takes them before their time. */
    const take = async (early: boolean) =>
      sql<{ id: string; name: string; data: BackgroundWork }[]>`
        delete from pgboss.job where id in (
          select id from pgboss.job where name in ('external', 'retry') and state in ('created', 'retry')
            and (${early}::boolean or start_after <= now()) order by created_on limit 50)
        returning id, name, data`;
    return {
      ...{ upstream, gateway, worker, folder, environment },
      take,
      /** Does all jobs until none is left, as the queue would have it done; all at once. */
      async work({ early = false } = {}) {
        for (let jobs = await take(early); jobs.length > 0; jobs = await take(early))
          await Promise.all(jobs.map(({ name, data }) => worker.deliver(data, { queue: name })));
      },
      /** The worker in a process of its own, which can be killed. */
      start: () => startUnitProcess(unit, database, { environment, folder }),
    };
  }

  /** What was charged for requests of an organization. */
  const charges = async (organizationId = mine.id) =>
    sql<{ request_id: string; charged: number }[]>`
      select request_id, sum(prompt_tokens + completion_tokens)::int as charged from usage_logs
      where organization_id = ${organizationId} and outcome <> 'failed' group by request_id`;

  return {
    database,
    mine,
    open,
    charges,
    keyFor: (member: TestMember, columns = {}) => addKey(database, member, columns),
  };
}
