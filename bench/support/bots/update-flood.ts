import {
  closedLoop,
  createAgent,
  type LoopResult,
  openLoop,
  type Repeated,
} from '../../../tests/support/load/open-loop.ts';

/** A bot as Telegram knows it: where its updates go, and what comes with them. */
export interface HookedBot {
  id: string;
  url: string;
  secret: string;
}

export interface FloodLoad {
  /** Updates a second; missing: as many as the connections bear. */
  perSecond?: number;
  seconds: number;
  /** Straight to a process, not over the edge. */
  socketPath?: string;
}

/** People who write, each in a chat of his or her own. */
const WRITERS = 1_000;
const CONNECTIONS = 64;
const FIRST_PERSON = 900_000_000;

let updateId = 1;

/** Messages of a thousand people to one bot, each update with a number of its own; what it lacks of the real thing is the distance. */
export async function floodWithUpdates(bot: HookedBot, load: FloodLoad): Promise<LoopResult> {
  const { pathname, origin } = new URL(bot.url);
  const agent = createAgent();
  const repeated: Repeated = {
    ...{ origin, path: pathname, socketPath: load.socketPath, body: nextUpdate, ending: '{}' },
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': bot.secret },
  };
  const { perSecond, seconds } = load;
  const run =
    perSecond === undefined
      ? closedLoop(agent, repeated, { connections: CONNECTIONS, seconds })
      : openLoop(agent, repeated, { perSecond, seconds });
  return run.finally(() => agent.destroy());
}

function nextUpdate(): Buffer {
  const number = updateId++;
  const id = FIRST_PERSON + (number % WRITERS);
  const from = { id, is_bot: false, first_name: 'Writer', language_code: 'en' };
  const chat = { id, type: 'private', first_name: 'Writer' };
  const message = {
    message_id: number,
    date: Math.floor(Date.now() / 1000),
    from,
    chat,
    text: 'What will come of it?',
  };
  return Buffer.from(JSON.stringify({ update_id: number, message }));
}
