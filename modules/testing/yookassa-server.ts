import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A payment as YooKassa's API v3 shows it, as far as the platform looks. */
export interface YookassaPayment {
  id: string;
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  amount: { value: string; currency: string };
  metadata: Record<string, string>;
  confirmation?: { type: 'redirect'; confirmation_url: string };
}

/** What the server does with one request instead of answering it; `lost` does the work and breaks the connection. */
type Disturbance = { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'cut' | 'lost';

export interface YookassaServer {
  /** To be used as YOOKASSA_BASE_URL. */
  baseUrl: string;
  credentials: { shopId: string; secretKey: string };
  requests: { method: string; path: string; headers: IncomingMessage['headers']; body: unknown }[];
  payments: YookassaPayment[];
  /** Payments in one answer of the list. */
  page: { most: number };
  /** The next requests meet these, one after the other. */
  disturb(...next: Disturbance[]): void;
  /** Changes a payment, as a payer or the shop's staff would. */
  change(id: string, change: Partial<YookassaPayment>): YookassaPayment;
  close(): Promise<void>;
}

/** Speaks the part of YooKassa's protocol that the platform uses, on a free port of the loopback interface. */
export async function startYookassaServer(): Promise<YookassaServer> {
  const credentials = { shopId: '100500', secretKey: 'test_secret' };
  const authorization = `Basic ${Buffer.from(`${credentials.shopId}:${credentials.secretKey}`).toString('base64')}`;
  const payments = new Map<string, YookassaPayment>();
  const page = { most: 100 };
  const createdAt = new Map<string, number>();
  const byKey = new Map<string, { body: string; id: string }>();
  const disturbances: Disturbance[] = [];
  const requests: YookassaServer['requests'] = [];

  /** Status and body, as the API answers. */
  function answer(method: string, path: string, key: string | undefined, text: string): [number, unknown] {
    const list = new URL(path, 'http://host');
    if (method === 'GET' && list.pathname === '/v3/payments') return answerList(list.searchParams);
    const [, id] = /^\/v3\/payments(?:\/([^/?]+))?$/.exec(path) ?? ['', ''];
    if (method === 'GET' && id) return payments.has(id) ? [200, payments.get(id)] : [404, error('not_found')];
    if (method !== 'POST' || path !== '/v3/payments') return [404, error('not_found')];
    if (!key) return [400, error('invalid_request', 'Idempotence-Key')];
    const earlier = byKey.get(key);
    if (earlier) return earlier.body === text ? [200, payments.get(earlier.id)] : [400, error('invalid_request')];
    const body = JSON.parse(text) as Pick<YookassaPayment, 'amount' | 'metadata'>;
    if (!/^\d+\.\d\d$/.test(body.amount.value)) return [400, error('invalid_request', 'amount.value')];
    const made: YookassaPayment = {
      ...{ id: crypto.randomUUID(), status: 'pending', amount: body.amount, metadata: body.metadata },
      confirmation: { type: 'redirect', confirmation_url: `https://yookassa.example/pay/${key}` },
    };
    payments.set(made.id, made);
    createdAt.set(made.id, Date.now());
    byKey.set(key, { body: text, id: made.id });
    return [200, made];
  }

  /** The newest first, as the real one. */
  function answerList(query: URLSearchParams): [number, unknown] {
    const limit = Number(query.get('limit') ?? 10);
    if (!(limit >= 1 && limit <= 100)) return [400, error('invalid_request', 'limit')];
    const since = new Date(query.get('created_at.gte') ?? 0);
    const found = [...payments.values()].filter(({ id }) => (createdAt.get(id) ?? 0) >= since.getTime()).toReversed();
    const from = Number(query.get('cursor') ?? 0);
    const items = found.slice(from, from + Math.min(limit, page.most));
    const next = from + items.length;
    return [200, { type: 'list', items, ...(next < found.length && { next_cursor: String(next) }) }];
  }

  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const text = await Array.fromAsync(request).then((pieces) => Buffer.concat(pieces).toString());
    requests.push({ method, path, headers, body: text === '' ? undefined : JSON.parse(text) });
    const disturbance = disturbances.shift();
    if (disturbance === 'hang') return;
    if (disturbance === 'cut') return void response.destroy();
    if (disturbance && disturbance !== 'lost') {
      response.writeHead(disturbance.status, disturbance.headers).end(disturbance.body ?? '{}');
      return;
    }
    const isKnown = headers.authorization === authorization;
    const [status, body] = isKnown
      ? answer(method, path, headers['idempotence-key']?.toString(), text)
      : [401, error('invalid_credentials')];
    if (disturbance === 'lost') return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials,
    requests,
    page,
    get payments() {
      return [...payments.values()];
    },
    disturb: (...next) => void disturbances.push(...next),
    change(id, change) {
      const payment = payments.get(id);
      if (!payment) throw new Error(`Change payment "${id}": there is none`);
      return Object.assign(payment, change);
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const error = (code: string, parameter?: string) => ({ type: 'error', code, ...(parameter && { parameter }) });
