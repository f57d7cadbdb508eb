import { beforeAll, describe, expect, it } from 'vitest';
import { chromium, renderPage } from '../support/chromium.ts';
import { type Account, createAccount, type RequestOptions, send } from '../support/http/client.ts';
import { servePage } from '../support/http/page-server.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const { url, pageOrigin } = await sharedPlatform();
const foreignOrigin = 'http://localhost:1';

let account: Account;
beforeAll(async () => {
  account = await createAccount(await sharedPlatform());
  await account.add('terms.txt', 'Article 1. The deposit is 500 euros and is paid back after thirty days.');
});

describe('a page of an allowed origin', () => {
  it('may send what the API takes, its token included', async () => {
    const response = await preflight(pageOrigin, '/api/ask', 'POST', 'authorization,content-type,idempotency-key');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(pageOrigin);
    expect(list(response, 'access-control-allow-methods')).toContain('post');
    for (const name of ['authorization', 'content-type', 'idempotency-key']) {
      expect(list(response, 'access-control-allow-headers')).toContain(name);
    }
    expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(0);
    expect(response.headers.get('vary')?.toLowerCase()).toContain('origin');
  });

  it.each(['GET', 'POST', 'PATCH', 'DELETE'])('may use %s', async (method) => {
    const response = await preflight(pageOrigin, `/api/documents/${crypto.randomUUID()}`, method, 'authorization');
    expect(list(response, 'access-control-allow-methods')).toContain(method.toLowerCase());
  });

  it('reads answers and the headers that it needs', async () => {
    const response = await asPage(pageOrigin, 'POST', '/api/search', {
      json: { query: 'deposit' },
      headers: { authorization: `Bearer ${account.session.accessToken}` },
    });
    expect(response.status).toBe(200);
    const exposed = list(response, 'access-control-expose-headers');
    expect(exposed).toEqual(expect.arrayContaining(['x-request-id', 'etag', 'retry-after', 'ratelimit']));
    expect(response.headers.get('access-control-allow-credentials'), 'no cookies are involved').toBeNull();
  });

  it('reads problems as well', async () => {
    const response = await asPage(pageOrigin, 'POST', '/api/search', { json: { query: 'deposit' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('follows a stream', async () => {
    const { id } = await account.upload('more.txt', 'Article 2. The notice period is three months.');
    const response = await asPage(pageOrigin, 'GET', `/api/documents/${id}/events`, {
      headers: { authorization: `Bearer ${account.session.accessToken}` },
    });
    expect(await response.text()).toContain('"status":"ready"');
  });

  it.skipIf(!chromium)('does all of it in a real browser', async () => {
    const page = await servePage(pageOf(url, account), Number(new URL(pageOrigin).port));
    try {
      expect(page.origin).toBe(pageOrigin);
      const shown = await renderPage(`${page.origin}/`);
      expect(shown).toContain('<pre id="result">done: 1 hit, answered true, events passages');
    } finally {
      await page.close();
    }
  });
});

describe('a page of a foreign origin', () => {
  it('is allowed nothing', async () => {
    const allowed = await preflight(foreignOrigin, '/api/ask', 'POST', 'authorization,content-type');
    expect(allowed.headers.get('access-control-allow-origin')).toBeNull();
    await expect(
      asPage(foreignOrigin, 'POST', '/api/search', {
        json: { query: 'deposit' },
        headers: { authorization: `Bearer ${account.session.accessToken}` },
      }),
    ).rejects.toThrow('blocked');
    await expect(asPage(foreignOrigin, 'GET', '/api/health')).rejects.toThrow('blocked');
  });

  it.skipIf(!chromium)('is kept out by a real browser', async () => {
    const page = await servePage(pageOf(url, account));
    try {
      expect(await renderPage(`${page.origin}/`)).toContain('<pre id="result">failed: TypeError: Failed to fetch');
    } finally {
      await page.close();
    }
  });
});

const preflight = (origin: string, path: string, method: string, headers: string) =>
  send(url, `OPTIONS ${path as '/'}`, {
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
  });

const list = (response: Response, name: string) =>
  (response.headers.get(name) ?? '').split(',').map((item) => item.trim().toLowerCase());

/** A cross-origin request by the rules of the Fetch standard: asks first where it must, and reads only what it may. */
async function asPage(origin: string, method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  const headers = { ...options.headers, ...(options.json !== undefined && { 'content-type': 'application/json' }) };
  if (Object.keys(headers).length > 0) {
    const asked = await preflight(origin, path, method, Object.keys(headers).toSorted().join(','));
    const allowed = list(asked, 'access-control-allow-headers');
    const refused = Object.keys(headers).filter((name) => !allowed.includes(name));
    const mayAsk = asked.ok && asked.headers.get('access-control-allow-origin') === origin;
    if (!mayAsk || refused.length > 0) throw new Error(`blocked: preflight of ${method} ${path} refuses ${refused}`);
  }
  const response = await send(url, `${method} ${path as '/'}`, { ...options, headers: { ...options.headers, origin } });
  if (response.headers.get('access-control-allow-origin') !== origin)
    throw new Error(`blocked: answer of ${method} ${path}`);
  return response;
}

/** Searches, asks with a stream, and writes into itself what came of it. */
const pageOf = (api: string, { session }: Account) => `<!doctype html><title>Page</title><pre id="result">waiting</pre>
<script type="module">
const result = document.querySelector('#result');
const post = (path, body) => fetch('${api}' + path, {
  method: 'POST',
  headers: { authorization: 'Bearer ${session.accessToken}', 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
try {
  const { hits } = await (await post('/api/search', { query: 'deposit', limit: 1 })).json();
  const stream = await (await post('/api/ask', { question: 'When is the deposit paid back?', stream: true })).text();
  const events = [...stream.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  const done = JSON.parse(/^event: done\\ndata: (.*)$/m.exec(stream)[1]);
  result.textContent = 'done: ' + hits.length + ' hit, answered ' + done.answered + ', events ' + events.join(' ');
} catch (error) {
  result.textContent = 'failed: ' + error;
}
</script>`;
