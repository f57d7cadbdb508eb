import { expect, it } from 'vitest';
import { createHostFetch } from './host-fetch.ts';

/** A balancer before two hosts that take turns, of which each refuses what is for the other one. */
function alternating(hosts = ['a', 'b']) {
  const done: string[] = [];
  let turn = 0;
  const send = async (request: Request) => {
    const host = hosts[turn++ % hosts.length] as string;
    const wanted = request.headers.get('pandect-host');
    if (wanted !== null && wanted !== host) return new Response('{}', { status: 421 });
    done.push(`${host} ${await request.text()}`);
    return new Response(host);
  };
  return { done, send, turns: () => turn };
}

const change = () =>
  new Request('http://localhost/api/operator/units/ask/changes', { method: 'POST', body: '{"action":"deploy"}' });

it('reaches the host that is shown, with the whole request, once', async () => {
  const { done, send } = alternating();
  const fetch = createHostFetch(send, () => 'b', 1);
  for (let at = 0; at < 5; at++) expect(await (await fetch(change())).text()).toBe('b');
  expect(done).toEqual(Array.from({ length: 5 }, () => 'b {"action":"deploy"}'));
});

it('takes any host for the list of hosts, for all else of the API, and when none was chosen', async () => {
  const { send, turns } = alternating();
  const fetch = createHostFetch(send, () => 'b', 1);
  for (const path of ['/api/operator/hosts', '/api/admin/plans', '/api/operator']) {
    expect((await fetch(new Request(`http://localhost${path}`))).status).toBe(200);
  }
  expect((await createHostFetch(send, () => undefined)(change())).status).toBe(200);
  expect(turns()).toBe(4);
});

it('says that another host answered when the right one is not reached', async () => {
  const { done, send, turns } = alternating(['a']);
  expect((await createHostFetch(send, () => 'b', 1)(change())).status).toBe(421);
  expect([done, turns()]).toEqual([[], 16]);
});

it('ends with the request that it repeats', async () => {
  const { send } = alternating(['a']);
  const left = new AbortController();
  const asked = createHostFetch(send, () => 'b', 1_000)(new Request(change(), { signal: left.signal }));
  left.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
});
