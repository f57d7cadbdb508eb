import { type OpenAiBody, type Reply, startOpenAiServer } from '../modules/testing/openai-server.ts';
import { slotPath } from '../platform/supervisor/traffic/socket-path.ts';
import { startTelegramServer, type TelegramServer } from '../platform/testing/telegram-server.ts';
import { createAccount } from '../tests/support/http/client.ts';
import type { LoopResult } from '../tests/support/load/open-loop.ts';
import { addBot, askForPicture, spreadOver, type Talk, talkAboutCards } from './support/bots/bot-people.ts';
import { type FloodLoad, floodWithUpdates } from './support/bots/update-flood.ts';
import { megabytes, quantile } from './support/figures.ts';
import { type Frame, withinMemory } from './support/memory-frame.ts';
import { type BenchPlatform, withPlatform } from './support/platform.ts';
import { type PlatformMemory, watchPlatform } from './support/proportional.ts';
import type { Bench, Row, Table } from './support/table.ts';

/** A short run shows whether it works; its figures say little. */
const PEOPLE = Number(process.env.BOTS_BENCH_PEOPLE ?? 100);
const SECONDS = Number(process.env.BOTS_BENCH_SECONDS ?? 10);
/** The people begin within so long, about as quick as Telegram lets a bot answer them. */
const [BEGIN_MS_EACH, PER_PICTURE] = [300, 10];
const RATES = [50, 1_000];
const [AIM_PER_SECOND, AIM_P99_MS] = [1_000, 100];
/** The host that a bot for so many people has to do with. */
const FRAME_BYTES = 3 * 1024 ** 3;
const [AIM_FUNCTION_MB, AIM_WORKER_MB, AIM_TOTAL_MB] = [150, 250, 1_900];
/** Of the model that streams: words, and the pause between two. */
const [WORDS, WORD_MS] = [120, 25];

interface Accepted {
  what: string;
  found: LoopResult;
}

interface Chatting {
  talks: Talk[];
  picturesMs: number[];
  memory: PlatformMemory;
}

export const bots: Bench = {
  name: 'bots',
  about: 'updates accepted a second, words to people, and memory with 100 people in chats with bots',
  async run() {
    const { result: local, frame } = await withinMemory(FRAME_BYTES, () =>
      withTelegram({}, async (platform, server) => ({
        accepted: await measureAccepting(platform, server),
        chatting: await measureChatting(platform, server),
      })),
    );
    const model = await startOpenAiServer({ chat: readCards });
    const settings = { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: model.baseUrl };
    const streamed = await withTelegram(settings, (platform, server) =>
      talkTo(platform, server, Math.min(PEOPLE, 20)),
    ).finally(() => model.close());
    return tableOf(local.accepted, { ...local.chatting, frame }, streamed);
  },
};

/** A platform whose bots are at a Telegram on loopback. */
async function withTelegram<T>(
  settings: Record<string, string>,
  work: (platform: BenchPlatform, server: TelegramServer) => Promise<T>,
): Promise<T> {
  const server = await startTelegramServer();
  const model = settings.OPENAI_BASE_URL;
  const hosts = [server.host, ...(model ? [new URL(model).host] : [])];
  const env = {
    ...{ BOT_DELIVERY: 'webhook', TELEGRAM_API_URL: server.url, OUTBOUND_WHITELIST: hosts.join(',') },
    ...{ IMAGE_PROVIDERS: 'local', IMAGE_LOCAL_SECONDS: '10', ...settings },
  };
  return withPlatform((platform) => work(platform, server), { env }).finally(() => server.close());
}

async function measureAccepting(platform: BenchPlatform, server: TelegramServer): Promise<Accepted[]> {
  const account = await createAccount(platform);
  const bot = await addBot(account, server, 'tarot');
  // The worker closes what is accepted; no person gets an answer.
  await account.get(`PATCH /api/bots/${bot.id}`, { json: { isStopped: true } });
  const socketPath = slotPath(platform.folders.run, 'bots', 0);
  const accept = async (what: string, load: Omit<FloodLoad, 'seconds'>) => ({
    what,
    found: await floodWithUpdates(bot, { ...load, seconds: SECONDS }),
  });
  await accept('warm-up', { perSecond: 50 });
  const accepted = [];
  for (const [way, path] of [['at the socket', { socketPath }] as const, ['through the edge', {}] as const]) {
    for (const perSecond of RATES) accepted.push(await accept(`${perSecond}/s ${way}`, { perSecond, ...path }));
    accepted.push(await accept(`saturation ${way}`, path));
  }
  await account.send(`DELETE /api/bots/${bot.id}`);
  return accepted;
}

async function measureChatting(platform: BenchPlatform, server: TelegramServer): Promise<Chatting> {
  const account = await createAccount(platform);
  const painter = await addBot(account, server, 'image');
  const watch = await watchPlatform(platform, ['bots', 'chats', 'sending']);
  const artists = Array.from({ length: Math.ceil(PEOPLE / PER_PICTURE) }, (_, index) =>
    server.user(`Person ${index}`, { token: painter.token }),
  );
  const pictures = spreadOver(artists, BEGIN_MS_EACH * PEOPLE, askForPicture);
  const [talks, picturesMs] = await Promise.all([talkTo(platform, server, PEOPLE), pictures]);
  return { talks, picturesMs, memory: await watch.stop() };
}

async function talkTo(platform: BenchPlatform, server: TelegramServer, count: number): Promise<Talk[]> {
  const { token } = await addBot(await createAccount(platform), server, 'tarot');
  const people = Array.from({ length: count }, (_, index) => server.user(`Person ${index}`, { token }));
  return spreadOver(people, BEGIN_MS_EACH * count, talkAboutCards);
}

/** A model that does as it is told and names each card, a word at a time. */
function readCards({ messages = [] }: OpenAiBody): Reply {
  const { cards = [] } = JSON.parse(messages[0]?.content.split('\n').at(-1) ?? '{}') as {
    cards?: { position: string; card: string }[];
  };
  const named = cards.map(({ position, card }) => `${position}: ${card}.`).join(' ');
  const words = [...named.split(' '), ...Array.from({ length: WORDS }, () => 'maybe')];
  const steps = words.flatMap((word) => [{ delta: `${word} ` }, { waitMs: WORD_MS }]);
  return { stream: [...steps, { finish: 'stop' }, { usage: { prompt: 500, completion: words.length } }, 'done'] };
}

function tableOf(
  accepted: readonly Accepted[],
  { talks, picturesMs, memory, frame }: Chatting & { frame: Frame | undefined },
  streamed: Talk[],
): Table {
  const { units, total, processes } = memory;
  const saturation = accepted.filter(({ what }) => what.startsWith('saturation'));
  const full = accepted.filter(({ what }) => what.startsWith(`${AIM_PER_SECOND}/s`));
  return {
    title: 'Bots',
    rows: [
      ...accepted.map(({ what, found }) => row(`updates accepted, ${what}`, describe(found))),
      row(`${PEOPLE} people, local model: message to answer, ms`, ms(talks.map(({ offered }) => offered))),
      row(`${PEOPLE} people, local model: wish to the whole reading, ms`, ms(talks.map(({ whole }) => whole))),
      row(`${picturesMs.length} people: wish to the picture of 10 s, ms`, ms(picturesMs)),
      row('model that streams: wish to first words, ms', ms(streamed.flatMap(({ firstWords = [] }) => firstWords))),
      row('model that streams: wish to the whole reading, ms', ms(streamed.map(({ whole }) => whole))),
      ...[...units].map(([name, { resident, proportional }]) =>
        row(`memory of ${name} at most, MB: RSS, PSS`, `${megabytes(resident)}, ${megabytes(proportional)}`),
      ),
      row('memory of the whole platform at most, MB: PSS', `${megabytes(total)} in ${processes} processes`),
      ...(frame
        ? [
            row(
              'frame of 3 GB: held at most, MB; killed for want of memory',
              `${megabytes(frame.peak)}; ${frame.killed}`,
            ),
          ]
        : []),
    ],
    aims: [
      ...saturation.map(({ what, found }) => atLeast(`accepted at ${what}`, perSecond(found), AIM_PER_SECOND)),
      ...full.map(({ what, found }) => atMost(`accepted at ${what}, p99`, p99(found), AIM_P99_MS, 'ms')),
      ...[...units].map(([name, { resident }]) =>
        atMost(`memory of ${name}`, megabytes(resident), name === 'bots' ? AIM_FUNCTION_MB : AIM_WORKER_MB, 'MB'),
      ),
      atMost('memory of the whole platform', megabytes(total), AIM_TOTAL_MB, 'MB'),
      ...(frame ? [atMost('killed for want of memory in a frame of 3 GB', frame.killed, 0, 'processes')] : []),
    ],
    notes: [
      'Updates are messages of 1,000 people to a stopped bot: stored with a job each, and closed by the worker. People write over the webhook, through Caddy. Clients, the Bot API of the tests and the platform share the cores.',
      `The model that streams writes ${WORDS} words, ${WORD_MS} ms apart. The local model answers from the table of cards in one piece.`,
      frame
        ? 'Platform, clients and the Bot API of the tests run in a memory cgroup of 3 GB, cached files counted in; cores are those of the machine.'
        : 'The frame of 3 GB is not enforced: this host grants no memory cgroup.',
      'Memory is the sum of PSS of all processes of the platform, at looks 2 s apart.',
    ],
  };
}

const row = (measured: string, value: string | number): Row => ({ measured, value });
const ms = (values: readonly number[]) =>
  `p50 ${quantile(values, 0.5).toFixed(0)}, p99 ${quantile(values, 0.99).toFixed(0)}`;
const waits = ({ answers }: LoopResult) => answers.map(({ whole }) => whole);
const p99 = (found: LoopResult) =>
  found.isOverloaded || found.failures.length > 0 ? Number.POSITIVE_INFINITY : quantile(waits(found), 0.99);
const perSecond = ({ answers, seconds }: LoopResult) => answers.length / seconds;

function describe(found: LoopResult): string {
  const failed = found.failures.length === 0 ? '' : `, ${found.failures.length} failed (${found.failures[0]})`;
  return found.isOverloaded
    ? `falls behind${failed}`
    : `${perSecond(found).toFixed(0)}/s, ${ms(waits(found))} ms${failed}`;
}

const atMost = (what: string, value: number, most: number, unit: string): Table['aims'][number] => ({
  ...{ what, aim: `≤ ${most} ${unit}`, reached: `${value.toFixed(0)} ${unit}`, met: value <= most },
});
const atLeast = (what: string, value: number, least: number): Table['aims'][number] => ({
  ...{ what, aim: `≥ ${least} a second`, reached: `${value.toFixed(0)} a second`, met: value >= least },
});
