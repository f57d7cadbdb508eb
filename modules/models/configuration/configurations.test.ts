import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { createFeed } from '../../../platform/capabilities/feed/index.ts';
import { seal } from '../../../platform/capabilities/secrets/index.ts';
import { readEnvironment } from '../../../platform/kernel/environment.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { createConfigurations } from './configurations.ts';
import type { GatewayDocument } from './contract.ts';
import { environmentVariables } from './from-environment.ts';
import { announceConfiguration } from './topic.ts';

const database = await testDatabase();
const organization = await testOrganization(database);
const other = await testOrganization(database);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await database.owner`delete from gateway_versions`;
  await database.owner`delete from gateway_secrets`;
});
afterAll(() => database.close());

const key = randomBytes(32);
const defaults = {
  limits: { bodyBytes: 1, responseBytes: 2, mediaBodyBytes: 3, concurrent: 4 },
  breaker: { failures: 5, resetMs: 30_000 },
  timeouts: { connectMs: 10, firstMs: 20, idleMs: 30, totalMs: 40 },
  cacheSeconds: 300,
};

/** As each process has it. */
function follow(through: Database = database.tenant, readKey = async () => key) {
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const made = createConfigurations({
    database: through,
    feed: createFeed(through),
    settings: readEnvironment(environmentVariables, { OPENAI_API_KEY: 'sk-environment' }),
    files: new Map(),
    defaults,
    readKey,
    log: { info: write, warn: write, error: write } as never,
  });
  open.push(made);
  return { made, lines };
}

const documentWith = (model: string, keys: object[] = []): GatewayDocument => ({
  version: 1,
  providers: { openai: { kind: 'openai', keys: keys as never } },
  models: { m: { provider: 'openai', name: model } },
  routes: { default: { targets: ['m'] } },
});
const change = async (statement: (owner: typeof database.owner) => Promise<unknown>) => {
  await statement(database.owner);
  await database.platform.transaction(announceConfiguration);
};
const apply = (number: number, document: object) =>
  change(
    (sql) => sql`
    insert into gateway_versions (number, document, created_by) values (${number}, ${JSON.stringify(document)}::text::json, 'op')`,
  );
const modelOf = async (made: ReturnType<typeof follow>['made']) => {
  const configuration = await made.platform();
  return `${configuration.version} ${configuration.route('default')?.targets[0]?.target.model}`;
};
const soon = { timeout: 1000, interval: 20 };

describe('createConfigurations', () => {
  it('takes what the environment says as long as there is no version', async () => {
    expect(await modelOf(follow().made)).toBe('0 gpt-3.5-turbo');
  });

  it('follows a change in every process within a second', async () => {
    const [one, two] = [follow(database.tenant), follow(database.organization)];
    await Promise.all([modelOf(one.made), modelOf(two.made)]);
    await apply(1, documentWith('first'));
    await Promise.all([one, two].map(({ made }) => expect.poll(() => modelOf(made), soon).toBe('1 first')));
    await apply(2, documentWith('second'));
    await Promise.all([one, two].map(({ made }) => expect.poll(() => modelOf(made), soon).toBe('2 second')));
  });

  it('keeps the last good version when the newest cannot be used, and says so', async () => {
    await apply(1, documentWith('good'));
    const { made, lines } = follow();
    expect(await modelOf(made)).toBe('1 good');
    await apply(2, { ...documentWith('bad'), routes: { default: { targets: ['gone'] } } });
    await expect.poll(() => lines.join('\n'), soon).toContain('this version cannot be used {"version":2');
    expect(await modelOf(made)).toBe('1 good');
    await apply(3, documentWith('next'));
    await expect.poll(() => modelOf(made), soon).toBe('3 next');
  });

  it('takes the newest version that can be used at a start', async () => {
    await apply(1, documentWith('old'));
    await apply(2, documentWith('good'));
    await apply(3, { version: 9 });
    await apply(4, { providers: 7 });
    expect(await modelOf(follow().made)).toBe('2 good');
  });

  it('hears of a change again after its connection was lost', async () => {
    const before = await listeners();
    const { made } = follow();
    await modelOf(made);
    await expect.poll(listeners).toBe(before + 1);
    await database.owner`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database.name} and query ilike 'listen%'`;
    await database.owner`
      insert into gateway_versions (number, document, created_by)
      values (1, ${JSON.stringify(documentWith('unheard'))}::text::json, 'op')`;
    await expect.poll(() => modelOf(made), { timeout: 3000 }).toBe('1 unheard');
  });

  it('opens keys that were entered, and logs neither them nor what they are sealed as', async () => {
    const ciphertext = seal(key, { organizationId: null, name: 'second' }, 'sk-entered');
    await change(
      (sql) => sql`
      insert into gateway_secrets (name, ciphertext, last4) values ('second', ${ciphertext}, 'ered')`,
    );
    await apply(1, documentWith('m', [{ secret: 'second' }, { secret: 'gone' }]));
    const { made, lines } = follow();
    const configuration = await made.platform();
    expect(configuration.route('m')?.targets[0]?.target.provider.keys).toEqual([
      { id: 'openai/second', secret: 'sk-entered', weight: 1 },
    ]);
    expect(lines.join('\n')).toContain('keys are not there {"missing":["gone"]}');
    expect(lines.join('\n')).not.toMatch(/sk-|v1\./);
    await apply(2, documentWith('again', [{ secret: 'gone' }]));
    await expect.poll(() => modelOf(made), soon).toBe('2 again');
    expect(lines.filter((line) => line.includes('keys are not there'))).toHaveLength(1);
  });

  it('opens nothing without the key file, and nothing that was moved to another name or owner', async () => {
    const moved = seal(key, { organizationId: organization.id, name: 'openai' }, 'sk-moved');
    await change(
      (sql) => sql`insert into gateway_secrets (name, ciphertext, last4) values ('openai', ${moved}, 'oved')`,
    );
    await apply(1, documentWith('m', [{ secret: 'openai' }]));
    const keys = async (made: ReturnType<typeof follow>['made']) =>
      (await made.platform()).route('m')?.targets[0]?.target.provider.keys;
    expect(await keys(follow().made)).toEqual([]);
    const { made, lines } = follow(database.tenant, async () => {
      throw new Error('no file');
    });
    expect(await keys(made)).toEqual([]);
    expect(lines.join('\n')).toContain('entered keys cannot be decrypted');
  });

  it('puts keys of an organization in place of the platform’s, for it alone and at once', async () => {
    await apply(1, documentWith('m', [{ env: 'OPENAI_API_KEY' }]));
    const { made } = follow();
    const secretFor = async (id: string) =>
      (await made.of(id)).route('m')?.targets[0]?.target.provider.keys.map(({ secret }) => secret);
    expect(await secretFor(organization.id)).toEqual(['sk-environment']);
    const ciphertext = seal(key, { organizationId: organization.id, name: 'openai' }, 'sk-own');
    await change(
      (sql) => sql`
      insert into gateway_secrets (organization_id, name, ciphertext, last4)
      values (${organization.id}, 'openai', ${ciphertext}, '-own')`,
    );
    await expect.poll(() => secretFor(organization.id), soon).toEqual(['sk-own']);
    expect(await secretFor(other.id)).toEqual(['sk-environment']);
    // Rows that change places do not open, and the platform does not pay instead.
    await change((sql) => sql`update gateway_secrets set organization_id = ${other.id}`);
    await expect.poll(() => secretFor(other.id), soon).toEqual([]);
    expect(await secretFor(organization.id)).toEqual(['sk-environment']);
  });
});

async function listeners(): Promise<number> {
  const [row] = await database.owner`
    select count(*)::int as n from pg_stat_activity where datname = ${database.name} and query ilike 'listen%'`;
  return row?.n;
}
