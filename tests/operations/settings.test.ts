import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTBOUND_WHITELIST } from '../../platform/kernel/variables.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { change, rowsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho, echoVisitors } from '../support/echo-visits.ts';
import { startLoad } from '../support/http/load.ts';
import { pandect, refusedUp, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

/** `one` and `two` show SMTP_FROM; without it in the environment the platform reads it from a file. */
let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let one: EchoFunction;
let two: EchoFunction;
let file: string;
let port: number;

const reads = { names: ['SMTP_FROM', 'SMTP_PORT'], from: 'platform/kernel/variables.ts' };

beforeAll(async () => {
  copy = await copyCheckout({ units: [] });
  await copy.write('settings', '');
  file = join(copy.root, 'settings');
  one = await addEchoFunction(copy, 'one', { reads });
  two = await addEchoFunction(copy, 'two', { reads });
  await addEchoFunction(copy, 'bare');
  home = await temporaryHome();
  port = await freePort();
  await write({ SMTP_FROM: 'first@example.org' });
  platform = await start();
});

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const start = () => startTestPlatform({ root: copy.root, home, port, settings: file, flags: ['--keep'] });
const write = (settings: Record<string, string>) =>
  writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(''),
  );
/** What the process that serves was started with. */
const senderOf = async ({ name }: EchoFunction): Promise<string | undefined> => {
  const row = (await rowsOf(platform, name)).find(({ state }) => state === 'ready');
  const environment = await readFile(`/proc/${row?.pid}/environ`, 'utf8');
  return /(?:^|\0)SMTP_FROM=([^\0]*)/.exec(environment)?.[1];
};
const pidsOf = async (name: string) =>
  (await rowsOf(platform, name)).filter(({ state }) => state === 'ready').map(({ pid }) => pid);

describe('changed settings', () => {
  it('case 17: reach what pandect restart names, and it says which units still run with those from before', async () => {
    await write({ SMTP_FROM: 'second@example.org' });
    const load = startLoad(echoVisitors(platform, one));
    const { status, stdout } = await pandect(platform, 'restart', 'one');
    expect((await load.stop()).failures).toEqual([]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/still running with those from before: two; pandect restart two$/m),
    });
    expect([await senderOf(one), await senderOf(two)]).toEqual(['second@example.org', 'first@example.org']);

    const bare = await pidsOf('bare');
    const { ok, events } = await change(platform, 'restart', { units: ['two'] });
    expect(ok).toBe(true);
    expect(events.filter(({ step }) => step === 'settings')).toEqual([]);
    expect(await senderOf(two)).toBe('second@example.org');
    expect(await pidsOf('bare')).toEqual(bare);
  });

  it('reach every unit that sees them when the service restarts, without a failed request', async () => {
    const bare = await pidsOf('bare');
    await write({ SMTP_FROM: 'third@example.org' });
    const load = startLoad([...echoVisitors(platform, one), ...echoVisitors(platform, two)]);
    await platform.terminate();
    platform = await start();
    expect([await senderOf(one), await senderOf(two)]).toEqual(['third@example.org', 'third@example.org']);
    expect((await load.stop()).failures).toEqual([]);
    expect(await pidsOf('bare'), 'it sees none of them').toEqual(bare);
    expect(platform.output()).not.toContain('checkout');

    const same = await pidsOf('one');
    await platform.terminate();
    platform = await start();
    expect(await pidsOf('one'), 'nothing has changed since').toEqual(same);
  });

  it('case 17: are not brought back by a rollback, and no release holds them', async () => {
    await one.write({ version: 'version 1' });
    expect((await change(platform, 'deploy', { units: ['one'], watch: 0 })).ok).toBe(true);
    await write({ SMTP_FROM: 'fourth@example.org' });
    expect((await change(platform, 'rollback', { unit: 'one', watch: 0 })).ok).toBe(true);
    await until('version 0', async () => (await callEcho(platform, one)).version === 'version 0' || undefined);
    expect(await senderOf(one)).toBe('fourth@example.org');
    const files = await readdir(home.home.releases, { recursive: true });
    expect(files.filter((path) => path.endsWith('environment.json'))).toEqual([]);
  });

  it('are brought by a deploy, also of code that is as it was', async () => {
    await write({ SMTP_FROM: 'fifth@example.org' });
    expect((await change(platform, 'deploy', { units: ['two'], watch: 0 })).ok).toBe(true);
    expect(await senderOf(two)).toBe('fifth@example.org');
  });

  it('are refused as a whole by a restart, which names every mistake and touches nothing', async () => {
    const before = [await pidsOf('one'), await pidsOf('two')];
    await write({ SMTP_FROM: 'not an address', SMTP_PORT: '0', LOG_LEVEL: 'loud' });
    const { status, stderr } = await pandect(platform, 'restart');
    expect(status).toBe(1);
    expect(stderr).toContain('SMTP_PORT: "0": must be a whole number from 1 to 65535');
    expect(stderr).toContain('SMTP_FROM: "not an address": must be an e-mail address');
    expect([await pidsOf('one'), await pidsOf('two')]).toEqual(before);
  });

  it('of the platform itself wait for its next start, and the command says so', async () => {
    await write({ SMTP_FROM: 'fifth@example.org', TRUSTED_PROXIES: '10.0.0.1' });
    const { status, stdout } = await pandect(platform, 'restart', 'one');
    expect(status).toBe(0);
    expect(stdout).toMatch(/only a start of the platform applies: TRUSTED_PROXIES/);
  });
});

describe('a start with mistaken settings', () => {
  it('names all of them, before anything is made', async () => {
    const empty = await temporaryHome();
    const before = await readdir(empty.home.root, { recursive: true });
    const { status, stderr } = await refusedUp(empty, {
      PANDECT_PORT: '70000',
      RATE_LIMIT_API_RPS: 'many',
      ACCESS_TOKEN_EXPIRE_MINUTES: '0',
      ENVIRONMENT: 'production',
      YOOKASSA_SHOP_ID: '1',
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: 'https://models.example.org/v1',
      AI_EMBEDDING_BASE_URL: 'http://ollama.example.org:11434/v1',
      SMTP_CA_PATH: '/no/such.pem',
      AI_EMBEDDING_CA_PATH: '/no/other.pem',
      SMTP_TLS: 'maybe',
    });
    const allowed = OUTBOUND_WHITELIST.schema().parse(undefined).join(',');
    expect({ status, lines: stderr.trim().split('\n').toSorted() }).toEqual({
      status: 1,
      lines: [
        '  ACCESS_TOKEN_EXPIRE_MINUTES: "0": must be a whole number from 1 to 1440',
        '  ALLOWED_HOSTS: "*": in production it must name the hosts',
        `  OUTBOUND_WHITELIST: "${allowed}": must name "api.yookassa.ru", the host of YOOKASSA_BASE_URL`,
        `  OUTBOUND_WHITELIST: "${allowed}": must name "models.example.org", the host of OPENAI_BASE_URL`,
        `  OUTBOUND_WHITELIST: "${allowed}": must name "ollama.example.org:11434", the host of AI_EMBEDDING_BASE_URL`,
        '  PANDECT_PORT: "70000": must be a whole number from 1 to 65535',
        '  RATE_LIMIT_API_RPS: "many": must be a whole number from 1 to 1000000',
        '  AI_EMBEDDING_CA_PATH: "/no/other.pem": must be a file that can be read',
        '  SMTP_CA_PATH: "/no/such.pem": must be a file that can be read',
        '  SMTP_TLS: "maybe": must be one of auto, required, none',
        '  YOOKASSA_SECRET_KEY: missing: must be set with YOOKASSA_SHOP_ID',
        'Read configuration: 11 mistake(s)',
      ].toSorted(),
    });
    expect(await readdir(empty.home.root, { recursive: true })).toEqual(before);
    await empty.remove();
  });
});
