import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completion } from '../../functions/gateway/gateway.fixture.ts';
import { lookAtSecret, revealSecret } from '../../modules/models/callbacks/webhook-secret.ts';
import { jsonReply } from '../../modules/testing/upstream-server.ts';
import { externalScene } from './scene.fixture.ts';

const { database, mine, open } = await externalScene();
type Scene = Awaited<ReturnType<typeof open>>;
const question = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers with these statuses in turn, the last one for ever. */
async function receiver(...statuses: (number | 'hang')[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const status = statuses[Math.min(received.length, statuses.length - 1)];
    received.push({ headers: request.headers, body });
    if (status === 'hang') return;
    response.writeHead(status ?? 200, { location: 'http://127.0.0.1:1/elsewhere' }).end('{"ignored":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

/** Standard Webhooks as its specification has it, written for this test alone. */
function verify({ headers, body }: Received, secret: string): unknown {
  const id = String(headers['webhook-id']);
  const at = Number(headers['webhook-timestamp']);
  if (Math.abs(Date.now() / 1000 - at) > 300) throw new Error('too old');
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest();
  const signatures = String(headers['webhook-signature']).split(' ');
  const isSigned = signatures.some((each) => {
    const [version, signature = ''] = each.split(',');
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isSigned) throw new Error('not signed');
  return JSON.parse(body);
}

const reveal = ({ worker }: Scene) =>
  database.tenant.tenant(mine.id, (tx) => revealSecret(tx, worker.deps.seal, mine.id));
const accept = async ({ gateway }: Scene, callback: string) => {
  const headers = { 'x-pandect-callback': callback };
  const response = await gateway.post('/v1/async/chat/completions', question, mine.owner, headers);
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test finds out
  return { status: response.status, body: (await response.json()) as any };
};
const rows = async (id: string) =>
  [...(await database.owner`select state, attempts, status from callbacks where subject = ${id}`)].map((row) => ({
    ...row,
  }));

describe('a callback', () => {
  it('is signed so that any implementation of Standard Webhooks verifies it, and comes once', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(204);
    const { secret } = await reveal(scene);
    const { body } = await accept(scene, hook.url);
    await scene.work();
    expect(hook.received).toHaveLength(1);
    const [message] = hook.received;
    expect(verify(message as Received, secret)).toEqual({
      ...{ type: 'async.call.done', timestamp: expect.any(String), data: { id: body.id } },
    });
    expect(() => verify({ ...(message as Received), body: '{}' }, secret)).toThrow('not signed');
    expect(await rows(body.id)).toEqual([{ state: 'delivered', attempts: 1, status: 204 }]);
  });

  it('is signed with both secrets after one took the place of the other, each of which is shown once', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(200);
    const first = await reveal(scene);
    const second = await reveal(scene);
    expect(first.secret).not.toBe(second.secret);
    expect(second.previousUntil?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    await accept(scene, hook.url);
    await scene.work();
    for (const { secret } of [first, second]) verify(hook.received[0] as Received, secret);
    await database.owner`update webhook_secrets set previous_until = now()`;
    await accept(scene, hook.url);
    await scene.work();
    verify(hook.received[1] as Received, second.secret);
    expect(() => verify(hook.received[1] as Received, first.secret)).toThrow('not signed');
    const [stored] = await database.owner`select sealed from webhook_secrets`;
    expect(stored?.sealed).not.toContain(second.secret.slice(6));
    expect(await database.tenant.tenant(mine.id, (tx) => lookAtSecret(tx, mine.id))).not.toHaveProperty('sealed');
  });

  it('is tried again under the same id after anything but 2xx, and follows no redirect', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(500, 302, 200);
    const { body } = await accept(scene, hook.url);
    for (let tries = 0; tries < 3; tries++) await scene.work({ early: tries > 0 });
    expect(hook.received).toHaveLength(3);
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    expect(await rows(body.id)).toEqual([{ state: 'delivered', attempts: 3, status: 200 }]);
  });

  it('that no one took for a day is a dead job, which an operator can have tried again', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(500, 500, 200);
    const { body } = await accept(scene, hook.url);
    await scene.work();
    await database.owner`update callbacks set created_at = now() - interval '25 hours' where state = 'waiting'`;
    const [job] = await scene.take(true);
    await expect(scene.worker.deliver(job?.data, { lastAttempt: true })).rejects.toThrow('within a day');
    expect(await rows(body.id)).toMatchObject([{ state: 'dead', attempts: 2 }]);
    await scene.worker.deliver(job?.data);
    expect(await rows(body.id)).toMatchObject([{ state: 'delivered', attempts: 3 }]);
  });

  it('that is dead is not tried again by itself', { timeout: 60_000 }, async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(500);
    const { body } = await accept(scene, hook.url);
    const works = await scene.take(false);
    await scene.worker.deliver(works[0]?.data);
    await database.owner`update callbacks set created_at = now() - interval '25 hours' where state = 'waiting'`;
    const process = await scene.start();
    onTestFinished(() => process.kill());
    const dead = () => database.owner`select 1 from pgboss.job where name = 'external-dead'`;
    await expect.poll(async () => (await dead()).length, { timeout: 45_000 }).toBe(1);
    expect(hook.received).toHaveLength(1);
    expect(await rows(body.id)).toMatchObject([{ state: 'dead', attempts: 1 }]);
    await database.owner`delete from pgboss.job where name = 'external-dead'`;
  });

  it('whose process ended in the middle is tried once more, and no more', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(200);
    const { body } = await accept(scene, hook.url);
    const works = await scene.take(false);
    await scene.worker.deliver(works[0]?.data);
    const [job] = await scene.take(false);
    // As a process leaves it that is killed after the receiver had it.
    const cutOff = (unknown: number) =>
      database.owner`
        update callbacks set claimed_until = now() - interval '1 second', unknown = ${unknown}, state = 'waiting', ended_at = null
        where subject = ${body.id}`;
    await scene.worker.deliver(job?.data);
    await cutOff(0);
    await scene.worker.deliver(job?.data);
    await cutOff(1);
    await expect(scene.worker.deliver(job?.data)).rejects.toThrow('twice');
    expect(hook.received).toHaveLength(2);
    expect(await rows(body.id)).toMatchObject([{ state: 'dead' }]);
  });

  it.each([
    'file:///etc/passwd',
    'http://127.0.0.2:9/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://not-listed.example/',
    'https://user:secret@127.0.0.1/',
    'http://[::1]:9/',
    'nonsense',
  ])('to %s is refused when the call is accepted', async (url) => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const { status, body } = await accept(scene, url);
    expect([status, body.error.param]).toEqual([400, 'header.x-pandect-callback']);
    expect(await scene.take(true)).toHaveLength(0);
  });

  it('to a host whose name has come to lead to an internal address reaches nothing', async () => {
    const scene = await open([jsonReply(completion('Hi'))]);
    const hook = await receiver(200);
    const { body } = await accept(scene, hook.url);
    const works = await scene.take(false);
    await scene.worker.deliver(works[0]?.data);
    const port = new URL(hook.url).port;
    await database.owner`update callbacks set url = ${`https://inside.example:${port}/`} where state = 'waiting'`;
    const [job] = await scene.take(false);
    await scene.worker.deliver(job?.data, { deps: { allowedHosts: ['inside.example'] } });
    expect(hook.received).toHaveLength(0);
    expect(await rows(body.id)).toMatchObject([{ state: 'waiting', attempts: 1, status: null }]);
  });
});
