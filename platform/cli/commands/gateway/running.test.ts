import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createCallMetering } from '../../../../modules/commerce/metering/calls/call-metering.ts';
import { newAttempt, newCall, priceTokens } from '../../../../modules/commerce/metering/calls/calls.fixture.ts';
import { type TestOrganization, testOrganization } from '../../../../modules/testing/organization.ts';
import { eventStream, jsonReply, sse, startUpstreamServer } from '../../../../modules/testing/upstream-server.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from '../data/operator-control.fixture.ts';
import { gatewayCommands } from './in-process.fixture.ts';

const database = await testDatabase();
await priceTokens(database);
const tokensPerMinute = { external: 100_000, internal: 100_000 };
const metering = createCallMetering(database.tenant, { tokensPerMinute });
const mine = await testOrganization(database);
const theirs = await testOrganization(database);
const answering = await startUpstreamServer(({ body }) => {
  const asked = JSON.parse(String(body));
  const usage = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 };
  const message = { role: 'assistant', content: 'yes' };
  if (!asked.stream) return jsonReply({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
  const delta = { choices: [{ index: 0, delta: message, finish_reason: null }] };
  const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  return eventStream(sse(delta, end, { choices: [], usage }, '[DONE]'));
});
const failing = await startUpstreamServer(() => ({ status: 503, steps: ['{"error":{"code":"busy"}}'] }));
const control = await operatorControl(database, undefined, { OUTBOUND_WHITELIST: '127.0.0.1' });
afterAll(async () => {
  await control.close();
  await answering.close();
  await failing.close();
  await database.close();
});

const { pandect } = gatewayCommands(control.path, 'olga');

async function call(organization: TestOrganization, changes: Parameters<typeof newAttempt>[0] = {}) {
  const reserved = newCall(organization);
  await metering.reserve(reserved);
  const attempts = [
    newAttempt({ attempt: 1, outcome: 'failed', status: 503, usage: { input: 0, output: 0 } }),
    newAttempt({ attempt: 2, ...changes }),
  ];
  await metering.settle({
    organizationId: organization.id,
    requestId: reserved.requestId,
    ending: 'settled',
    attempts,
  });
  await metering.flush();
  return reserved.requestId;
}

describe('pandect gateway calls tail', () => {
  it('prints each attempt of the last calls, the newest last', async () => {
    await call(theirs);
    await call(mine, { target: 'second', isEstimated: true });
    const { output } = await pandect('calls', 'tail', '--organization', mine.id);
    const [failed, done, ...rest] = output.trim().split('\n');
    expect(rest).toEqual([]);
    const who = mine.id.slice(0, 8);
    expect(failed).toMatch(new RegExp(`^\\d{4}-.{14}  ${who}  default → first  failed 503  0 \\+ 0 tokens`));
    expect(done).toMatch(
      / {2}default → second \(attempt 2\) {2}done 200 {2}10 \+ 1 tokens, estimated {2}12 ms to the first, 30 ms {2}12\.0+ ₽$/,
    );
    const all = await pandect('calls', 'tail', '--json', '--limit', '3');
    const rows = all.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ organizationId, attempt }) => [organizationId, attempt])).toEqual([
      [theirs.id, 2],
      [mine.id, 1],
      [mine.id, 2],
    ]);
  });

  it('follows new calls, and shows none twice', async () => {
    const main = join(import.meta.dirname, '../../../../pandect.ts');
    const env = { ...commandEnvironment, PANDECT_HOME: control.path };
    const child = spawn(process.execPath, [main, 'gateway', 'calls', 'tail', '--follow', '--json', '--limit', '1'], {
      env,
    });
    let output = '';
    child.stdout.on('data', (part) => (output += part));
    const lines = () =>
      output
        .trim()
        .split('\n')
        .filter((line) => line !== '');
    await expect.poll(lines, { timeout: 10_000 }).toHaveLength(1);
    const requestId = await call(mine);
    await expect.poll(lines, { timeout: 10_000 }).toHaveLength(3);
    expect(
      lines()
        .slice(1)
        .map((line) => JSON.parse(line).requestId),
    ).toEqual([requestId, requestId]);
    await sleep(1200);
    expect(lines()).toHaveLength(3);
    child.kill();
  });

  it('refuses an organization that is no id', async () => {
    const { code, output } = await pandect('calls', 'tail', '--organization', 'x');
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('"organization": Invalid UUID') });
  });
});

describe('pandect gateway breakers', () => {
  it('opens and closes the breaker of a target', async () => {
    expect((await pandect('breakers')).output).toBe('Every breaker is closed\n');
    expect((await pandect('breakers', 'open', 'local-extractive')).output).toBe(
      'The breaker of "local-extractive" is open\n',
    );
    expect((await pandect('breakers')).output).toMatch(/\nlocal-extractive +open +\d/);
    expect((await pandect('breakers', 'close', 'local-extractive')).output).toBe(
      'The breaker of "local-extractive" is closed\n',
    );
    const [left] = JSON.parse((await pandect('breakers', '--json')).output);
    expect(left?.state ?? 'closed').toBe('closed');
  });

  it('refuses a target that the configuration does not have', async () => {
    expect(await pandect('breakers', 'open', 'local-extractve')).toEqual({
      code: 1,
      output: 'Set breaker of "local-extractve": no such target; did you mean "local-extractive"?\n',
    });
  });
});

describe('pandect gateway keys and prices', () => {
  it('say that there are no keys, and what each target is charged with', async () => {
    expect((await pandect('keys')).output).toBe('No key may call models\n');
    const id = crypto.randomUUID();
    expect(await pandect('keys', 'revoke', id, '--reason', 'Leaked')).toEqual({
      ...{ code: 1, output: `Revoke key "${id}": there is none\n` },
    });
    const { output } = await pandect('prices', 'list');
    expect(output).toMatch(/^TARGET +PRICE +ROUTES +PROMPT +COMPLETION/);
    expect(output).toMatch(/\nlocal-extractive .*default/);
  });
});

describe('pandect gateway test', () => {
  const document = {
    version: 1,
    providers: {
      bad: { kind: 'openai', base: failing.baseUrl },
      good: { kind: 'openai', base: answering.baseUrl },
    },
    models: {
      first: { provider: 'bad', name: 'broken' },
      second: { provider: 'good', name: 'small', price: 'plain' },
    },
    routes: { default: { targets: ['first', 'second'] } },
  };
  it.each([[[]], [['--stream']]])('shows how each target answered, with %j', async (options) => {
    await database.owner`
      insert into gateway_versions (number, document, created_by)
      values (1, ${JSON.stringify(document)}::text::json, 'op') on conflict do nothing`;
    const { code, output } = await pandect('test', 'default', ...options);
    const [, first, second, end] = output.trim().split('\n');
    expect(code).toBe(0);
    expect(first).toMatch(/^first +bad +broken +failed 503/);
    expect(second).toMatch(/^second +good +small +done 200 .* 9 \+ 1 +11\.0{8} ₽$/);
    expect(end).toMatch(/^Route "default" answers, in \d/);
  });

  it('fails with what is wrong when no target answers', async () => {
    const { code, output } = await pandect('test', 'first', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ isOk: false, attempts: [{ target: 'first', status: 503 }] });
    expect(await pandect('test', 'defalt')).toEqual({
      code: 1,
      output: 'Test route "defalt": there is none; did you mean "default"?\n',
    });
  });
});

describe('pandect gateway prices import', () => {
  it('sets prices from the public list, or shows what it would set', async () => {
    const path = join(await mkdtemp(join(inject('services').folder, 'prices-')), 'prices.json');
    const prices = { tiny: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 }, odd: 7 };
    await writeFile(path, JSON.stringify(prices));
    const dry = await pandect('prices', 'import', path, '--rate', '100', '--dry-run');
    expect(dry.output).toContain('odd: left out, it is not a price of a model\n1 prices would be set, 1 left out\n');
    const { output } = await pandect('prices', 'import', path, '--rate', '100', '--only', 'tiny', '--json');
    expect(JSON.parse(output).taken).toMatchObject([{ model: 'tiny' }]);
    const [row] = await database.owner`select prompt, completion from model_prices where model = 'tiny'`;
    expect({ ...row }).toEqual({ prompt: '100.00', completion: '200.00' });
    const refused = await pandect('prices', 'import', path, '--rate', 'much');
    expect(refused).toEqual({ code: 1, output: 'Import prices at rate "much": not a number above zero\n' });
  });
});
