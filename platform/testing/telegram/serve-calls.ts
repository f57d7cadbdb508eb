import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMethod } from './methods/index.ts';
import { readParams } from './params.ts';
import { TelegramRefusal } from './refusal.ts';
import type { Context, TelegramBot } from './state.ts';

/** What the server does to one call in place of what is right. */
export type TelegramFault =
  /** Answers before anything is done. */
  | { kind: 'answer'; status: number; body?: unknown }
  /** Ends the connection before, or after it was done. */
  | { kind: 'cut' | 'forget' }
  | { kind: 'slow'; ms: number };

export interface TelegramCall {
  method: string;
  params: Readonly<Record<string, unknown>>;
  botId: number;
  /** Milliseconds of the server's clock. */
  at: number;
  /** What was answered; 0 when the connection was ended. */
  status: number;
}

const unauthorized = () => new TelegramRefusal(401, 'Unauthorized');

/** Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`. @param calls gets each call when it is over */
export function serveCalls(
  context: Context,
  faults: { method: string; fault: TelegramFault }[],
  calls: TelegramCall[],
): RequestListener {
  const takeFault = (method: string) => {
    const index = faults.findIndex((one) => one.method === method);
    return index === -1 ? undefined : faults.splice(index, 1)[0]?.fault;
  };
  return async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const [, kind, token = '', rest = ''] = /^\/(bot|file\/bot)([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const bot = context.bots.get(decodeURIComponent(token));
    if (kind !== 'bot') return void (bot ? sendFile(bot, rest, response) : response.writeHead(404).end());
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const call: TelegramCall = { method: rest, params: {}, botId: bot?.info.id ?? 0, at: context.now(), status: 0 };
    const answer = (status: number, body: unknown) => {
      call.status = status;
      const date = new Date(context.now()).toUTCString();
      response.writeHead(status, { 'content-type': 'application/json', date }).end(JSON.stringify(body));
    };
    const fault = takeFault(rest);
    try {
      const params = await readParams(url, request.headers['content-type'] ?? '', await readBody(request));
      call.params = params.all;
      if (fault?.kind === 'slow') await sleep(fault.ms);
      if (fault?.kind === 'cut') return void request.socket.destroy();
      if (fault?.kind === 'answer') return answer(fault.status, fault.body ?? { ok: false });
      const isToken = /^\d+:[\w-]{35}$/.test(token);
      if (!bot && context.settings.strangers === 'unavailable') throw new TelegramRefusal(502, 'Bad Gateway');
      if (!bot) throw isToken ? unauthorized() : new TelegramRefusal(404, 'Not Found');
      if (bot.isRevoked) throw unauthorized();
      const result = await runMethod(rest, { context, bot, params, signal: gone.signal });
      if (fault?.kind === 'forget') return void request.socket.destroy();
      answer(200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof TelegramRefusal)) return void request.socket.destroy(error as Error);
      const { status, message: description, parameters } = error;
      answer(status, { ok: false, error_code: status, description, ...(parameters && { parameters }) });
    } finally {
      calls.push(call);
      context.changed();
    }
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

function sendFile(bot: TelegramBot, path: string, response: ServerResponse): void {
  const file = [...bot.files.values()].find(({ kind, uniqueId }) => path === `${kind}s/${uniqueId}`);
  if (!file || bot.isRevoked) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
}
