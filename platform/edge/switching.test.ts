import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, endCanary, setCanary } from '../supervisor/traffic/canary-links.ts';
import { linkPreview, unlinkPreview } from '../supervisor/traffic/preview-links.ts';
import { wakePath } from '../supervisor/traffic/socket-path.ts';
import { FUNCTION, startTestEdge } from '../testing/edge.ts';

const edge = await startTestEdge();
afterAll(() => edge.close());
const { run } = edge;
const [one, two] = await Promise.all([edge.upstream('one'), edge.upstream('two')]);
/** Each bucket leads to an upstream of its own: the split has as many canary instances as there are buckets. */
const apart = await Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => edge.upstream(`bucket-${bucket}`)));

beforeEach(async () => {
  await edge.serve(one);
  await endCanary(run, FUNCTION, [one]);
});

type Question = Parameters<typeof edge.ask>[0];
const answerer = async (question?: Question): Promise<string> => {
  const { status, body } = await edge.ask(question);
  expect(status).toBe(200);
  return JSON.parse(body).name;
};
const within = (least: number, most: number) => (share: number) => share >= least && share <= most;
const addresses = Array.from({ length: 249 }, (_, caller) => `127.0.0.${caller + 2}`);
const token = (organization: string) => {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const claims = { org: organization, role: 'owner', sub: crypto.randomUUID(), jti: crypto.randomUUID() };
  return { authorization: `Bearer ${part({ alg: 'RS256', kid: 'key' })}.${part(claims)}.${crypto.randomUUID()}` };
};

describe('a canary', () => {
  it('always sends a caller to the same bucket, and callers to all of them', async () => {
    await setCanary(run, FUNCTION, { stable: [one], canary: apart, percent: 100 });
    const buckets = new Map<string, string>();
    for (const from of [...addresses, ...addresses]) {
      const bucket = await answerer({ from });
      expect(buckets.get(from) ?? bucket).toBe(bucket);
      buckets.set(from, bucket);
    }
    expect(new Set(buckets.values()).size).toBe(BUCKETS);
  });

  it('keeps those on it when the percentage is raised, and only then takes more', async () => {
    const onCanary = async (percent: number) => {
      await setCanary(run, FUNCTION, { stable: [one], canary: [two], percent });
      const names = await Promise.all(addresses.map((from) => answerer({ from })));
      return addresses.filter((_, caller) => names[caller] === 'two');
    };
    const [few, half] = [await onCanary(10), await onCanary(50)];
    expect(half).toEqual(expect.arrayContaining(few));
    // Callers are spread like by lots: of 249 these are at least four standard deviations.
    expect(few.length / addresses.length).toSatisfy(within(0.02, 0.2));
    expect(half.length / addresses.length).toSatisfy(within(0.35, 0.65));
    expect(await onCanary(0)).toEqual([]);
    expect(await onCanary(100)).toEqual(addresses);
  });

  it('knows an organization by its tokens, at any address and with every new token', async () => {
    await setCanary(run, FUNCTION, { stable: [one], canary: apart, percent: 100 });
    const organizations = Array.from({ length: 30 }, () => crypto.randomUUID());
    const seen = new Set<string>();
    for (const organization of organizations) {
      const bucket = await answerer({ from: '127.0.0.2', headers: token(organization) });
      expect(await answerer({ from: '127.0.0.77', headers: token(organization) })).toBe(bucket);
      seen.add(bucket);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('does not let a caller name another one', async () => {
    await setCanary(run, FUNCTION, { stable: [one], canary: apart, percent: 100 });
    const usual = await answerer({ from: '127.0.0.2' });
    for (let name = 0; name < 20; name++) {
      expect(await answerer({ from: '127.0.0.2', headers: { 'x-pandect-caller': `${name}` } })).toBe(usual);
    }
  });

  it('leaves no request behind when it begins, changes and ends', async () => {
    let asking = true;
    const seen = new Set<string>();
    const clients = ['GET', 'POST'].map(async (method) => {
      for (let caller = 0; asking; caller++) {
        seen.add(
          await answerer({ method, from: addresses[caller % 249] as string, ...(method === 'POST' && { body: '{}' }) }),
        );
      }
    });
    for (const percent of [5, 50, 100, 20]) {
      await setCanary(run, FUNCTION, { stable: [one], canary: [two], percent });
      expect(await answerer()).toMatch(/one|two/);
    }
    await edge.serve(two);
    await endCanary(run, FUNCTION, [two]);
    expect(await answerer()).toMatch(/one|two/);
    asking = false;
    await Promise.all(clients);
    expect(seen).toEqual(new Set(['one', 'two']));
  });

  it('tries again in the same bucket while its instance is being replaced', async () => {
    await setCanary(run, FUNCTION, { stable: [one], canary: ['/nowhere'], percent: 100 });
    const answer = answerer();
    await setTimeout(300);
    await setCanary(run, FUNCTION, { stable: [one], canary: [two], percent: 100 });
    expect(await answer).toBe('two');
  });
});

describe('a preview', () => {
  const release = 'abc123abc123';
  const at = (path: string) => edge.ask({ path });
  beforeEach(async () => {
    await linkPreview(run, FUNCTION, release, two);
  });

  it.each(['/api/ask', '/api/ask/4%2F2?x=%2F&y=1', '/'])('answers %s as if it stood at the root', async (path) => {
    const { status, body, headers } = await at(`/_preview/ask/${release}${path}`);
    expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 200, name: 'two', url: path });
    expect(headers['x-pandect-preview']).toBe(release);
  });

  it('is a problem document where there is none, or none any more', async () => {
    await linkPreview(run, FUNCTION, 'dead', '/nowhere');
    await linkPreview(run, FUNCTION, 'gone', two);
    await unlinkPreview(run, FUNCTION, 'gone');
    for (const path of ['ask/dead/', 'ask/gone/', 'ask/none/', 'none/none/', 'ask/', '']) {
      const { status, headers } = await at(`/_preview/${path}`);
      expect([path, status, headers['content-type']]).toEqual([path, 404, 'application/problem+json']);
    }
  });

  it.each([
    `/_preview/ask/${release}/_pandect/metrics`,
    `/_preview/ask/${release}//_pandect/metrics`,
    `/_preview/ask/${release}/x/../_pandect/metrics`,
    `/_preview/ask/${release}/%5fpandect/metrics`,
    `/_preview/ask/${release}%2f_pandect/metrics`,
    `//_preview//ask//${release}//_pandect/metrics`,
    `/_preview/ask/../sockets/two.sock/`,
    `/_preview/..%2f..%2fsockets/two/`,
    `/_preview/ask/..%2f..%2fsockets%2ftwo/`,
    `/_preview/ask/*/`,
    `/_preview/ask/{env.PANDECT_RUN}/`,
  ])('leads nowhere else: %s', async (path) => {
    expect((await at(path)).status).toBe(404);
  });
});

describe('a WebSocket', () => {
  it.each(['/api/ask', '/_preview/ask/abc123/api/ask'])('opens at %s, and no switch of links cuts it', async (path) => {
    await linkPreview(run, FUNCTION, 'abc123', one);
    const socket = await edge.openSocket(path);
    expect(await socket.send('hello')).toBe('one: hello');
    await edge.serve(two);
    await unlinkPreview(run, FUNCTION, 'abc123');
    await setCanary(run, FUNCTION, { stable: [two], canary: [two], percent: 50 });
    await endCanary(run, FUNCTION, [two]);
    expect(await socket.send('still')).toBe('one: still');
    socket.close();
  });

  it('opens through a canary, and outlives it', async () => {
    await setCanary(run, FUNCTION, { stable: [one], canary: [two], percent: 100 });
    const socket = await edge.openSocket();
    await endCanary(run, FUNCTION, [one]);
    expect(await socket.send('still')).toBe('two: still');
    socket.close();
  });
});

describe('a function with no one behind its links', () => {
  it('is told as away, with the time to come back', async () => {
    await edge.serve(wakePath(run, FUNCTION));
    await setCanary(run, FUNCTION, { stable: ['/nowhere'], canary: ['/nowhere'], percent: 50 });
    for (const method of ['GET', 'POST']) {
      const { status, headers, body } = await edge.ask({ method, ...(method === 'POST' && { body: '{}' }) });
      expect([status, headers['retry-after'], headers['content-type']]).toEqual([503, '2', 'application/problem+json']);
      expect(JSON.parse(body).type).toBe('urn:pandect:problem:unavailable');
    }
  });

  it('is waited for', async () => {
    await edge.serve('/nowhere');
    const answers = [edge.ask(), edge.ask({ method: 'POST' })];
    await setTimeout(300);
    await edge.serve(two);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });
});
