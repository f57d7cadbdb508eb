import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is asked of the mock; a prompt begins with it, since model names are not the same everywhere. */
export interface MockAnswer {
  /** Until the first byte. */
  latencyMs: number;
  /** 0 for an answer that is whole. */
  events: number;
  /** Between two events; 0 sends four in one write, as fast as they are read. */
  gapMs: number;
}

/** What it has counted for one API key. */
export interface MockUsage {
  calls: number;
  promptTokens: number;
  completionTokens: number;
}

export interface MockUpstream {
  /** Such as `http://127.0.0.1:4000`. */
  origin: string;
  host: string;
  usage(apiKey: string): Promise<MockUsage>;
  stop(): Promise<void>;
}

export const askFor = ({ latencyMs, events, gapMs }: MockAnswer, length: number): string =>
  `mock:${latencyMs}:${events}:${gapMs}: ${'Is the rent due on the first day? '.repeat(Math.ceil(length / 34))}`.slice(
    0,
    length,
  );

/** An upstream of OpenAI's protocol in a process of its own. It answers at once, or as slowly as the prompt says. */
export async function startMockUpstream(): Promise<MockUpstream> {
  const child = fork(import.meta.filename, ['serve'], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const host = `127.0.0.1:${port}`;
  return {
    origin: `http://${host}`,
    host,
    async usage(apiKey) {
      const response = await fetch(`http://${host}/usage`, { headers: { authorization: `Bearer ${apiKey}` } });
      return (await response.json()) as MockUsage;
    },
    async stop() {
      if (child.kill()) await once(child, 'exit');
    },
  };
}

const EVENTS_A_WRITE = 4;
const head = { id: 'chatcmpl-mock', created: 1_700_000_000, model: 'mock' };
const eventOf = (fields: object) =>
  Buffer.from(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', usage: null, ...fields })}\n\n`);
const choice = (delta: object, reason: string | null = null) => [
  { index: 0, delta, logprobs: null, finish_reason: reason },
];
const opening = eventOf({ choices: choice({ role: 'assistant', content: '' }) });
const word = eventOf({ choices: choice({ content: ' payable' }) });
const words = Buffer.concat(Array.from({ length: EVENTS_A_WRITE }, () => word));
const finish = eventOf({ choices: choice({}, 'stop') });
const done = Buffer.from('data: [DONE]\n\n');

function serve(): void {
  const counted = new Map<string, MockUsage>();
  const countOf = (request: IncomingMessage): MockUsage => {
    const key = request.headers.authorization ?? '';
    const usage = counted.get(key) ?? { calls: 0, promptTokens: 0, completionTokens: 0 };
    counted.set(key, usage);
    return usage;
  };
  const server = createServer({ keepAliveTimeout: 120_000 }, async (request, response) => {
    const usage = countOf(request);
    if (request.url === '/usage') return void response.end(JSON.stringify(usage));
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => {});
    await once(request, 'end').catch(() => {});
    const body = Buffer.concat(parts);
    const asked = readAsked(body);
    if (!asked) return void response.writeHead(400).end();
    usage.calls += 1;
    // Other figures each time: sums that agree by chance would show nothing.
    const promptTokens = 1 + ((usage.calls * 7_919) % 1_000);
    const completionTokens = asked.events || 1 + (usage.calls % 100);
    usage.promptTokens += promptTokens;
    usage.completionTokens += completionTokens;
    const counts = {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    };
    const answer = () => (asked.events === 0 ? sendWhole(response, counts) : sendStream(response, asked, counts));
    if (asked.latencyMs > 0) setTimeout(answer, asked.latencyMs);
    else answer();
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('disconnect', () => process.exit());
}

function readAsked(body: Buffer): MockAnswer | undefined {
  const at = body.indexOf('mock:');
  const [, latency, events, gap] = body
    .toString('latin1', at, at + 40)
    .split(':', 4)
    .map(Number);
  return at < 0 || events === undefined ? undefined : { latencyMs: latency ?? 0, events, gapMs: gap ?? 0 };
}

function sendWhole(response: ServerResponse, usage: object): void {
  const message = { role: 'assistant', content: 'The rent is payable on the fifth day. '.repeat(20), refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
}

function sendStream(response: ServerResponse, { events, gapMs }: MockAnswer, usage: object): void {
  response.setHeader('content-type', 'text/event-stream');
  response.write(opening);
  let sent = 0;
  const next = () => {
    if (response.destroyed) return;
    if (sent < events) {
      const isSlow = gapMs > 0;
      sent += isSlow ? 1 : EVENTS_A_WRITE;
      response.write(isSlow ? word : words);
      if (isSlow) setTimeout(next, gapMs);
      else setImmediate(next);
      return;
    }
    response.end(Buffer.concat([finish, eventOf({ choices: [], usage }), done]));
  };
  next();
}

if (import.meta.filename === process.argv[1]) serve();
