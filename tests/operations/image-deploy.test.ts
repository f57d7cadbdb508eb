import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { type FalServer, startFalServer } from '../../modules/testing/images/fal-server.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { ChangeEvent } from '../../platform/supervisor/control/contract.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { rowsOf } from '../support/control.ts';
import { type Account, createAccount } from '../support/http/client.ts';
import { startLoad } from '../support/http/load.ts';
import { ownerUrl } from '../support/owner-url.ts';
import { pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const CLOSE_FILE = 'functions/images/socket/session.ts';
/** Why a socket is closed that sends bytes, by which its release is known. */
const reasons = { before: 'messages are JSON texts', after: 'messages are JSON texts, always' };

let copy: CheckoutCopy;
let fal: FalServer;
let home: TemporaryHome;
let platform: TestPlatform;
let account: Account;

beforeAll(async () => {
  copy = await copyCheckout({ units: ['auth', 'health', 'images', 'notify', 'pictures'] });
  fal = await startFalServer();
  home = await temporaryHome();
  platform = await startTestPlatform({
    ...{ root: copy.root, home },
    env: {
      ...{ IMAGE_PROVIDERS: 'fal', FAL_KEY: fal.key, FAL_BASE_URL: fal.origin, FAL_JWKS_URL: fal.jwksUrl },
      ...{ OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    },
  });
  account = await createAccount(platform);
});

afterAll(async () => {
  await platform?.stop();
  await home?.remove();
  await fal?.close();
  await copy?.remove();
});

interface Followed {
  id: string;
  status: string;
  version: number;
}

interface Follower {
  statuses: string[];
  isOpen(): boolean;
  /** Has the function close it. @returns its reason */
  askToClose(): Promise<string>;
}

/** A socket that has seen the state of a generation. */
async function follow(id: string): Promise<Follower> {
  const socket = new WebSocket(`${platform.url.replace(/^http/, 'ws')}/api/images/socket`, 'pandect.v1');
  const statuses: string[] = [];
  socket.addEventListener('message', ({ data }) => {
    const { type, image } = JSON.parse(String(data)) as { type: string; image?: Followed };
    if (type === 'authorized') socket.send(JSON.stringify({ type: 'follow', id }));
    if (image?.id === id) statuses.push(image.status);
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'authorize', token: account.session.accessToken }));
  await until('the first state', async () => statuses[0]);
  return {
    statuses,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    async askToClose() {
      const closed = once(socket, 'close');
      socket.send(new Uint8Array([1]));
      const [event] = (await closed) as [CloseEvent];
      return `${event.code} ${event.reason}`;
    },
  };
}

const imagesRows = () => rowsOf(platform, 'images');
const shown = (id: string) => account.get<Followed & { units: number; late: boolean }>(`GET /api/images/${id}`);
const make = async (prompt: string) =>
  (await account.get<Followed>('POST /api/images', { json: { prompt, width: 256, height: 256 } })).id;
const untilAt = (id: string, status: string) =>
  until(`"${status}"`, async () => ((await shown(id)).status === status ? true : undefined));

it('a deploy leaves sockets and a generation in progress as they are', { timeout: 240_000 }, async () => {
  const id = await make('across a deploy');
  await untilAt(id, 'waiting');
  for (const task of fal.tasks) task.stage = 'IN_PROGRESS';
  await untilAt(id, 'running');
  const old = [await follow(id), await follow(id)];
  const [first] = await imagesRows();
  // The session itself throws for each answer that is not a success.
  const load = startLoad([
    { name: 'read', visit: async () => void (await shown(id)) },
    { name: 'list', visit: async () => void (await account.get('GET /api/images')) },
    { name: 'connect', visit: async () => void (await (await follow(id)).askToClose()) },
  ]);

  await copy.edit(CLOSE_FILE, reasons.before, reasons.after);
  const { status, value } = await pandectJson<{ ok: boolean; events: ChangeEvent[] }>(
    ...[platform, 'deploy', 'images', '--watch', '1'],
  );
  expect({ status, ok: value.ok }, JSON.stringify(value)).toEqual({ status: 0, ok: true });

  const rows = await imagesRows();
  const [draining, ready] = [rows.find(({ pid }) => pid === first?.pid), rows.find(({ state }) => state === 'ready')];
  expect(draining).toMatchObject({ state: 'draining', release: first?.release });
  expect(ready?.pid).not.toBe(first?.pid);
  expect(ready?.release).not.toBe(first?.release);
  expect(old.map((socket) => socket.isOpen())).toEqual([true, true]);

  const later = await follow(id);
  for (const task of fal.tasks) task.stage = 'COMPLETED';
  const followers = [...old, later];
  await until('"done" at all followers', async () =>
    followers.every(({ statuses }) => statuses.at(-1) === 'done') ? true : undefined,
  );
  const { requests, failures } = await load.stop();
  expect(failures).toEqual([]);
  for (const [name, count] of Object.entries(requests)) expect(count, name).toBeGreaterThan(5);
  // Each is told its end once, the old ones by the release that they began with.
  for (const { statuses } of followers) expect(statuses.filter((each) => each === 'done')).toHaveLength(1);
  expect(old[0]?.statuses[0]).toBe('running');
  expect(await old[0]?.askToClose()).toBe(`1003 ${reasons.before}`);
  expect(await later.askToClose()).toBe(`1003 ${reasons.after}`);
  expect((await imagesRows()).some(({ pid }) => pid === first?.pid)).toBe(true);
  expect(await old[1]?.askToClose()).toBe(`1003 ${reasons.before}`);
  await until('the end of the earlier process', async () =>
    (await imagesRows()).some(({ pid }) => pid === first?.pid) ? undefined : true,
  );

  expect(fal.tasks).toHaveLength(1);
  expect(await shown(id)).toMatchObject({ status: 'done', units: 1, late: false });
  const sql = connect(await ownerUrl(home.home));
  const charges = await sql`select outcome from usage_logs where action = 'image'`;
  await sql.end();
  expect(charges).toEqual([{ outcome: 'done' }]);
});
