import { expect, it, onTestFinished } from 'vitest';
import { startGigaChatUpstream } from '../../../testing/providers/gigachat-upstream.ts';
import { callOf, keyOf, providerOf } from '../adapter.fixture.ts';
import { askToken } from './access-token.ts';
import { createPictures } from './pictures.ts';

const KEY = Buffer.from('client:secret').toString('base64');
const HOUR_MS = 3_600_000;
const picture = (data: string) => `data:image/png;base64,${Buffer.from(data).toString('base64')}`;

/** Pictures of an account, at a time that the test sets. */
async function start() {
  const server = await startGigaChatUpstream(KEY);
  onTestFinished(() => server.close());
  const provider = providerOf('gigachat', `${server.origin}/api/v1`, { oauthUrl: server.oauthUrl });
  const call = callOf({ provider, key: keyOf(KEY), model: 'GigaChat-2-Max' });
  const authorization = `Bearer ${(await askToken(call)).value}`;
  const clock = { ms: 0 };
  const pictures = createPictures(() => clock.ms);
  const upload = (data: string) => pictures.upload(picture(data), authorization, call);
  return { server, clock, upload };
}

it('uploads a picture again after an hour, and deletes there what is older', async () => {
  const { server, clock, upload } = await start();
  const first = await upload('a');
  await upload('b');
  clock.ms = HOUR_MS - 1;
  expect(await upload('a')).toBe(first);
  clock.ms = HOUR_MS;
  const again = await upload('a');
  expect(again).not.toBe(first);
  await expect.poll(() => [...server.files]).toEqual([again]);
});

it('keeps the newest 200 of an account', async () => {
  const { server, upload } = await start();
  const ids: string[] = [];
  for (let n = 0; n < 202; n += 1) ids.push(await upload(`picture ${n}`));
  await expect.poll(() => server.files.size).toBe(200);
  expect([...server.files]).toEqual(ids.slice(2));
});
