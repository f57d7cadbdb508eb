import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEdge, type TestEdge } from '../../testing/edge.ts';
import { openEdgeAnswers } from './edge-answers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reports = { warn: (...given: unknown[]) => expect.unreachable(String(given)) };
const log = () => join(folder, 'answers.log');
const open = (path = log()) => openEdgeAnswers(path, join(folder, 'state.json'), reports);
const line = (status = 502, uri = '/api/ask/secret', method = 'GET') =>
  `${JSON.stringify({ level: 'error', msg: 'x', request: { method, uri }, status })}\n`;
const series = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((one) => one.startsWith('pandect_edge_'))
      .map((one) => [one.slice(one.indexOf('{'), one.lastIndexOf(' ')), Number(one.split(' ').at(-1))]),
  );
const read = async (counter: Awaited<ReturnType<typeof open>>) =>
  series(await counter.read(['/api/ask', '/api/ask/v2']));

describe('the counter of the edge', () => {
  it('counts by the mount of the path, and names nothing else that was sent', async () => {
    await writeFile(log(), line() + line(404, '/nothing/secret?word=1', 'BREW') + line(502, '/api/ask/v2') + line(413));
    expect(await read(await open())).toEqual({
      '{method="GET",endpoint="/api/ask",status="503"}': 1,
      '{method="GET",endpoint="/api/ask/v2",status="503"}': 1,
      '{method="GET",endpoint="/api/ask",status="413"}': 1,
      '{method="other",endpoint="unmatched",status="404"}': 1,
    });
  });

  it('follows no link and waits for no pipe that stands in the place of the log', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, line());
    const warned: unknown[] = [];
    const counter = await openEdgeAnswers(log(), join(folder, 'state.json'), {
      warn: (given: unknown) => void warned.push(given),
    });
    for (const plant of [() => symlink(secret, log()), async () => void execFileSync('mkfifo', [log()])]) {
      await plant();
      expect(await read(counter)).toEqual({});
      await rm(log());
    }
    expect(warned).toHaveLength(2);
  });

  it('counts each line once, over its own end and the file being rolled or emptied', async () => {
    const total = async (counter: Awaited<ReturnType<typeof open>>) =>
      Object.values(await read(counter)).reduce((sum, count) => sum + count, 0);
    const first = await open();
    expect(await total(first)).toBe(0);
    await writeFile(log(), line() + line().slice(0, 20));
    expect(await total(first)).toBe(1);
    await appendFile(log(), line().slice(20));
    expect([await total(first), await total(first)]).toEqual([2, 2]);
    const next = await open();
    expect(await total(next)).toBe(2);
    await appendFile(log(), line());
    await rename(log(), join(folder, 'answers-2026.log'));
    await writeFile(log(), line() + line());
    expect(await total(next)).toBe(5);
    await truncate(log());
    await appendFile(log(), line());
    expect(await total(next)).toBe(6);
  });
});

describe('with a real Caddy', () => {
  let edge: TestEdge;
  beforeAll(async () => {
    edge = await startTestEdge();
    await edge.serve(await edge.upstream('one'));
  });
  afterAll(() => edge.close());

  it('counts what no function answered, and nothing of what they do', async () => {
    const counter = await open(join(edge.options.storage, 'answers.log'));
    const unmatched = '{method="GET",endpoint="unmatched",status="404"}';
    // Its start looks for a file that is not there.
    const before = (await read(counter))[unmatched] ?? 0;
    for (let n = 0; n < 3; n++) expect((await edge.ask()).status).toBe(200);
    for (const path of ['/nothing?secret=word', '/_preview/a/b/', '/api/docs/none'])
      expect((await edge.ask({ path })).status).toBe(404);
    await edge.serve('/nowhere.sock');
    expect((await edge.ask({ method: 'POST', body: '{}', headers: { authorization: 'Bearer secret' } })).status).toBe(
      503,
    );
    await expect
      .poll(() => read(counter))
      .toEqual({
        [unmatched]: before + 3,
        '{method="POST",endpoint="/api/ask",status="503"}': 1,
      });
  });
});
