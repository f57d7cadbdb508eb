import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { followPage, type Reader } from '../support/pages/follow-page.ts';
import { type ModelServer, startModelServer } from '../support/pages/model-server.ts';
import { readPage as readSteps } from '../support/pages/read-page.ts';
import { checkout, pandect, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

/**
 * What a page of `docs/how-to` tells to do: files to write (` ```ts ` with their path first), changes of files (` ```diff `, with the
 * path first and `@@` between places), and commands (` ```sh `).
 */
interface Page {
  files: [path: string, content: string][];
  changes: [path: string, from: string, to: string][];
  commands: { program: string; args: string[]; fails: boolean }[];
}

const folder = join(checkout, 'docs/how-to');
const pages = new Map<string, Page>();
let copy: CheckoutCopy;
let platform: TestPlatform;
let account: Account;
let models: ModelServer;

async function readPage(name: string): Promise<Page> {
  const text = await readFile(join(folder, name), 'utf8');
  const page: Page = { files: [], changes: [], commands: [] };
  for (const [, kind, fails, code = ''] of text.matchAll(/^```(ts|diff|sh)( fails)?\n([\s\S]*?)^```$/gm)) {
    if (kind !== 'sh') {
      const [, path = '', content = ''] = /^\/\/ (\S+)\n([\s\S]*)$/.exec(code) ?? [];
      expect(path, `${name}: the first line of a file is its path`).not.toBe('');
      if (kind === 'ts') page.files.push([path, content]);
      else for (const place of content.split('@@\n')) page.changes.push([path, ...changeOf(place)]);
    } else {
      for (const line of code.trim().split('\n')) {
        const [program = '', ...args] = line.split(' ');
        expect(['./scripts/pandect', './scripts/test']).toContain(program);
        page.commands.push({ program, args, fails: fails !== undefined });
      }
    }
  }
  return page;
}

/** What stands at a place before and after a change. */
function changeOf(place: string): [from: string, to: string] {
  const lines = place.trimEnd().split('\n');
  const joined = (kept: string[]) => kept.map((line) => line.slice(1)).join('\n');
  return [joined(lines.filter((line) => !line.startsWith('+'))), joined(lines.filter((line) => !line.startsWith('-')))];
}

/** Runs the commands of a page one after the other. @returns what they printed */
async function follow(name: string): Promise<string> {
  let printed = '';
  for (const { program, args, fails } of pages.get(name)?.commands ?? []) {
    const run = program === './scripts/test' ? runTests(args) : pandect(platform, ...args);
    const { status, stdout, stderr } = await run;
    printed += stdout + stderr;
    expect(status, `${name}: ${program} ${args.join(' ')}\n${stdout}${stderr}`).toBe(fails ? 1 : 0);
  }
  return printed;
}

/** The tests of the copy, without setting the machine up again. */
async function runTests(filters: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const own = Object.entries(process.env).filter(([variable]) => !variable.startsWith('VITEST'));
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...filters], {
    cwd: copy.root,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, stdout, stderr };
}

beforeAll(async () => {
  for (const name of await readdir(folder)) pages.set(name, await readPage(name));
  models = await startModelServer();
  const gatewayUnits = ['gateway', 'gateway-admin', 'organization'];
  copy = await copyCheckout({ units: ['auth', 'health', 'notify', 'usage', 'chats', 'sending', ...gatewayUnits] });
  const write = async (name: string) => {
    for (const [path, content] of pages.get(name)?.files ?? []) await copy.write(path, content);
    for (const [path, from, to] of pages.get(name)?.changes ?? []) await copy.edit(path, from, to);
  };
  await write('add-a-worker.md');
  await write('add-a-problem.md');
  await write('add-a-unit.md');
  const env = { GUEST_NAME_LIMIT: '10', OUTBOUND_WHITELIST: models.host };
  platform = await startTestPlatform({ root: copy.root, env });
  await write('add-a-function.md');
  await write('debug-a-failed-deploy.md');
  await write('add-a-model-provider.md');
  await write('add-an-image-provider.md');
  await write('add-a-skill.md');
  await copy.write('vitest.config.ts', await readFile(join(checkout, 'vitest.config.ts'), 'utf8'));
  account = await createAccount(platform);
});
afterAll(async () => {
  await platform?.stop();
  await models?.close();
  await copy?.remove();
});

describe('the how-to pages', () => {
  it('add a function', async () => {
    await follow('add-a-function.md');
    const [good, bad] = await Promise.all([
      send(platform.url, 'GET /api/hello?name=Anna'),
      send(platform.url, 'GET /api/hello?age=5'),
    ]);
    expect([good.status, await good.json()]).toEqual([200, { hello: 'Anna' }]);
    expect([bad.status, ((await bad.json()) as { type: string }).type]).toEqual([
      400,
      'urn:pandect:problem:invalid-request',
    ]);
  });

  it('add a worker', async () => {
    expect((await account.send('POST /api/greetings')).status).toBe(202);
    await until('the greeting', async () => ((await follow('add-a-worker.md')).includes('Greeted') ? true : undefined));
  });

  it('add a model provider', async () => {
    expect(await follow('add-a-model-provider.md')).toMatch(/Tests\s+1\d passed/);
  });

  it('add an image provider', async () => {
    expect(await follow('add-an-image-provider.md')).toMatch(/Tests\s+\d\d passed/);
  });

  it('add a skill', async () => {
    expect(await follow('add-a-skill.md')).toMatch(/Tests\s+2 passed/);
  });

  it('add a problem and a setting', async () => {
    await follow('add-a-problem.md');
    const greet = (name: string) => send(platform.url, `GET /api/guests?name=${name}`);
    const [good, long] = await Promise.all([greet('Anna'), greet('Wolfeschlegelstein')]);
    expect([good.status, await good.json()]).toEqual([200, { greeting: 'Welcome, Anna' }]);
    expect([long.status, await long.json()]).toMatchObject([
      400,
      {
        type: 'urn:pandect:problem:name-too-long',
        limit: 10,
        detail: 'A guest may have a name of at most 10 characters',
      },
    ]);
  });

  it('add a unit', async () => {
    const demo = await createAccount(platform, { tier: 'demo' });
    const { units } = (await (await demo.send('GET /api/limits')).json()) as { units: Record<string, unknown>[] };
    expect(units.filter(({ unit }) => unit === 'translation')).toEqual([
      expect.objectContaining({ name: { ru: 'переводы', en: 'translations' }, period: 'day', used: 0, limit: 3 }),
      expect.objectContaining({ period: 'month', used: 0, limit: 30 }),
    ]);
  });

  it('debug a failed deploy', async () => {
    const printed = await follow('debug-a-failed-deploy.md');
    expect(printed).toContain('Read prices: the table is empty');
    expect(printed).toMatch(/createApp \(functions\/fragile\/app\.ts:6:\d+\)/);
    expect((await send(platform.url, 'GET /api/hello')).status).toBe(200);
  });

  it('read a trace', async () => {
    const response = await send(platform.url, 'GET /api/hello?name=Anna');
    const id = response.headers.get('x-request-id') ?? 'missing';
    await until('the line of the request', async () =>
      (await follow('read-a-trace.md')).includes(id) ? true : undefined,
    );
  });

  it('use the gateway', async () => {
    expect(await followPage(await readSteps('docs/gateway.md'), { platform })).toMatch(
      /^The rent is due on the fifth day\.$/m,
    );
  });

  it('use the gateway with an SDK', async () => {
    const printed = await followPage(await readSteps('docs/how-to/use-the-gateway-with-an-sdk.md'), { platform });
    const answer = 'The tenant pays the rent by the fifth day of each month.';
    expect(printed).toContain(`whole: ${answer}\nstream: ${answer} true\nvectors: 2\nmessage: ${answer}\n`);
  });

  it('route models', async () => {
    const { accessToken } = account.session;
    const reader: Reader = {
      platform,
      replaced: { '127.0.0.1:11434': models.host },
      environment: { PANDECT_KEY: accessToken, TOKEN: accessToken },
    };
    const page = await readSteps('docs/how-to/route-models.md');
    const printed = await followPage({ ...page, files: [...page.files, models.keyFile] }, reader);
    const targets = Array.from(printed.matchAll(/^x-pandect-target: (\w+)/gim), ([, target]) => target);
    expect(targets).toEqual(['qwen', 'sentences', 'qwen', 'sentences']);
    expect(printed).toMatch(/qwen +open/);
    expect(printed.match(/Route "default" answers/g)).toHaveLength(2);
    expect(printed).toContain('Version 3 is in effect');
  });
});
