import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../platform/kernel/environment.ts';
import { homePath } from '../platform/kernel/paths/home-path.ts';
import { OUTBOUND_WHITELIST } from '../platform/kernel/variables.ts';
import { prepareHome } from '../platform/services/home.ts';
import { startTelegramServer, type TelegramServer } from '../platform/testing/telegram-server.ts';
import { talkToBot } from './demo-bots.ts';
import { type Answer, DemoClient } from './demo-client.ts';
import { chatThroughGateway } from './demo-gateway.ts';
import { makePicture } from './demo-images.ts';
import { meetLimit } from './demo-limits.ts';
import { type SignInLink, serveSignInLink } from './demo-link.ts';
import { pandect, startPlatform } from './demo-platform.ts';

interface SampleQuestion {
  question: string;
  /** Null: no document answers it. */
  expect: { document: string; page?: number; quoteContains: string } | null;
}

const samples = join(import.meta.dirname, 'samples');
/** The documents; the folder also describes itself. */
const isSample = (name: string) => /\.(pdf|docx|html|txt|md)$/.test(name) && name !== 'README.md';
const tier = 'professional';

const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

let link: SignInLink | undefined;
const telegram = await startTelegramServer({ strangers: 'unavailable' });
const platform = await startPlatform(settingsOf(telegram)).catch(end);
// Ctrl-C reaches the platform as well; this process only has to outlast it.
process.on('SIGINT', () => {});
process.on('SIGTERM', platform.stop);

const right = await demonstrate(platform.url, telegram).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return false;
});
if (options.once) platform.stop();
process.exitCode = (await platform.ended) === 0 && (right || !options.once) ? 0 : 1;
link?.close();
await telegram.close();

/** Bots talk to a Bot API of this process. Those that are there already wait until the platform is started without it. */
function settingsOf({ url, host }: TelegramServer): Record<string, string> {
  const allowed = readEnvironment([OUTBOUND_WHITELIST], process.env).OUTBOUND_WHITELIST;
  return { TELEGRAM_API_URL: url, OUTBOUND_WHITELIST: [...allowed, host].join(','), BOT_DELIVERY: 'polling' };
}

async function demonstrate(url: string, telegram: TelegramServer): Promise<boolean> {
  const { client, ...login } = await signIn(url);
  await pandect('admin', 'tier', login.email, tier);
  const titles = await loadSamples(client);

  let right = true;
  const questions: SampleQuestion[] = JSON.parse(await readFile(join(samples, 'questions.json'), 'utf8'));
  for (const { question, expect } of questions) {
    const answer = await client.ask(question);
    const isRight = meets(answer, expect, titles);
    right &&= isRight;
    console.log(`\n? ${question}\n${render(answer)}${isRight ? '' : `\n  ! expected ${JSON.stringify(expect)}`}`);
  }

  const isHeld = await meetLimit(client, await signUp(url, 'free@pandect.example', login.password, 'Free'));
  right &&= isHeld;
  const isAnswered = await chatThroughGateway(client, url);
  right &&= isAnswered;
  const isMade = await makePicture(client, join((await prepareHome(homePath())).root, 'demo-pictures'));
  right &&= isMade;
  const isRead = await talkToBot(client, telegram);
  right &&= isRead;

  const [first] = questions;
  const body = JSON.stringify({ question: first?.question });
  // Elsewhere the browser is at another host, which the link's cookie would not reach.
  const isHere = new URL(url).hostname === 'localhost';
  if (!options.once && isHere) link = await serveSignInLink(url, login);
  console.log(`
${right ? 'All answers are right.' : 'Something is not as it should be.'} Answers came from the model "local-extractive" unless OPENAI_API_KEY is set.

  App        ${link ? `${link.address}  (signs you in, once)` : `${url}/`}
  API page   ${url}/api/docs/
  Login      ${login.email}  ${login.password}
  Try        curl -s ${url}/api/ask -H 'authorization: Bearer ${client.accessToken}' -H 'content-type: application/json' -d '${body}'
`);
  if (!options.once) console.log('Press Ctrl-C to stop.');
  return right;
}

/** The demo organization's owner; the password is made once and kept next to the data. */
async function signIn(url: string): Promise<{ email: string; password: string; client: DemoClient }> {
  const home = await prepareHome(homePath());
  const path = join(home.root, 'demo-login.json');
  const login = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text),
    () => ({ email: 'demo@pandect.example', password: randomBytes(9).toString('base64url') }),
  );
  await writeFile(path, JSON.stringify(login), { mode: 0o600 });
  return { ...login, client: await signUp(url, login.email, login.password, 'Demo', confirm) };
}

/** No e-mail reaches the demo's address, so the operator confirms it, which keys and invitations need. */
function confirm(email: string): Promise<string> {
  return pandect('admin', 'confirm', email, '--yes');
}

/** Signs in, and registers first where there is no account yet. @param onRegistered what it has to wait for before it signs in */
async function signUp(
  url: string,
  email: string,
  password: string,
  organization: string,
  onRegistered?: (email: string) => Promise<unknown>,
): Promise<DemoClient> {
  const client = new DemoClient(url);
  const login = { email, password };
  const signIn = () => client.post<{ accessToken: string }>('/api/auth/login', login);
  let account = await signIn();
  if (account.status !== 200) {
    account = await client.post('/api/auth/register', { ...login, organization });
    if (account.status === 201 && onRegistered) {
      await onRegistered(email);
      account = await signIn();
    }
  }
  if (account.status > 201) throw new Error(`Sign in as "${email}": ${JSON.stringify(account.body)}`);
  client.accessToken = account.body.accessToken;
  return client;
}

/** Uploads the samples and waits for them. Returns the file name behind each document id. */
async function loadSamples(client: DemoClient): Promise<Map<string, string>> {
  const names = (await readdir(samples)).filter(isSample).toSorted();
  console.log(`\nLoading ${names.length} documents`);
  const titles = new Map<string, string>();
  for (const name of names) titles.set((await client.upload(join(samples, name))).id, name);
  for (const [id, name] of titles) {
    for await (const { status, progress, failure } of client.follow(id)) {
      const pages = progress.pagesTotal > 0 ? ` (page ${progress.pagesDone} of ${progress.pagesTotal})` : '';
      console.log(`  ${name.padEnd(28)} ${status}${pages}`);
      if (failure) throw new Error(`Read "${name}": ${failure.message}`);
    }
  }
  return titles;
}

function meets(answer: Answer, expect: SampleQuestion['expect'], titles: Map<string, string>): boolean {
  if (expect === null) return !answer.answered && answer.citations.length === 0;
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
  return answer.citations.some(
    ({ documentId, page, quote }) =>
      titles.get(documentId) === expect.document &&
      (expect.page === undefined || page === expect.page) &&
      flat(quote).includes(expect.quoteContains),
  );
}

function render({ answer, answered, citations }: Answer): string {
  if (!answered) return `  — ${answer}`;
  const sources = citations.map(({ title, page, quote }, index) => {
    const place = page === null ? title : `${title}, p. ${page}`;
    return `    [${index + 1}] ${place}: “${quote.replaceAll(/\s+/g, ' ')}”`;
  });
  return [`  ${answer}`, ...sources].join('\n');
}

function end(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
