import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { followPage } from '../support/pages/follow-page.ts';
import { readPage } from '../support/pages/read-page.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const run = promisify(execFile);
const answer = 'The tenant pays the rent by the fifth day of each month.';
const page = 'docs/how-to/use-the-gateway-with-an-sdk.md';

let copy: CheckoutCopy;
let platform: TestPlatform;
let clients: string;

beforeAll(async () => {
  clients = await mkdtemp(join(tmpdir(), 'pandect-clients-'));
  copy = await copyCheckout({ units: ['auth', 'gateway', 'organization'] });
  platform = await startTestPlatform({ root: copy.root });
});
afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
  await rm(clients, { recursive: true, force: true });
});

/** Follows the page to its key, and then runs what is given. */
async function followTo(email: string, script: string): Promise<string> {
  const { files, scripts } = await readPage(page);
  const [key = ''] = scripts;
  return followPage({ files, scripts: [key, script] }, { platform, replaced: { 'engineer@example.com': email } });
}

/** What keeps packages from being installed; undefined when they are there. */
const failureOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: Error) => error.message.split('\n', 1)[0],
  );

it('Python: the clients of OpenAI and Anthropic, and LangChain', async (test) => {
  const python = join(clients, 'python/bin/python');
  const install = async () => {
    await run('python3', ['-m', 'venv', join(clients, 'python')]);
    await run(python, ['-m', 'pip', 'install', '--quiet', 'openai', 'anthropic', 'langchain-openai']);
  };
  const failure = await failureOf(install());
  test.skip(failure !== undefined, `Python or its registry is not there: ${failure}`);
  const files = ['with_openai.py', 'with_anthropic.py', 'with_langchain.py'];
  const printed = await followTo('python@example.com', files.map((file) => `${python} ${file}`).join('\n'));
  expect(printed).toContain(`openai: ${answer}\nanthropic: ${answer}\nlangchain: ${answer}\n`);
});

it('JavaScript: LangChain', async (test) => {
  const packages = ['@langchain/openai', '@langchain/core'];
  const failure = await failureOf(run('npm', ['install', '--no-save', '--prefix', clients, ...packages]));
  test.skip(failure !== undefined, `The registry is not there: ${failure}`);
  const script = `cp langchain.ts ${clients}/langchain.mts && node ${clients}/langchain.mts`;
  expect(await followTo('javascript@example.com', script)).toContain(`langchain: ${answer}\n`);
});
