import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disturbance, type ImageServer, startImageServer } from '../../testing/images/image-server.ts';
import { type ImageModel, NotAccepted } from '../image-model.ts';
import { anImageTask, describeImageModel, type ImageModelUnderTest } from './conformance-image.ts';

export interface ImageServerUnderTest extends ImageModelUnderTest {
  server: ImageServer;
  /** A model whose server is at another address. */
  openAt(origin: string, allowedHosts: readonly string[]): ImageModel;
  secret: string;
}

const soon = () => AbortSignal.timeout(10_000);
const words = { error: { message: 'No' }, detail: 'No' };

/** Where a server was that listens no longer. */
async function closedOrigin(): Promise<string> {
  const { origin, close } = await startImageServer({ isSubmit: () => true, answer: () => ({ status: 200 }) });
  await close();
  return origin;
}

/** What every provider with a server promises besides: one request for each submit, and the right end of each. */
export function describeImageServer(name: string, create: () => Promise<ImageServerUnderTest>): void {
  describeImageModel(name, create);

  describe(`the server of image model ${name}`, () => {
    let tested: ImageServerUnderTest;
    let model: ImageModel;
    beforeEach(async () => {
      tested = await create();
      model = tested.open();
    });
    afterEach(() => tested.close());

    const task = () => anImageTask({ model: tested.model, count: 1 });
    const posts = () => tested.server.requests.filter(({ method }) => method === 'POST').length;

    /** What a submit ends with that meets this. */
    async function submit(met: Disturbance, signal = soon()): Promise<unknown> {
      tested.server.disturbSubmits(met);
      return model.submit(task(), { signal }).catch((error) => error);
    }

    const refused = { retryable: false, end: { outcome: 'failed', reason: 'provider-refused-settings' } };
    const noKey = { retryable: false, end: { outcome: 'failed', reason: 'provider-down' } };
    const later = { retryable: true, end: { outcome: 'failed', reason: 'provider-down' } };

    it.each<[number, unknown, { retryable: boolean; end: object }]>([
      [400, words, refused],
      [401, words, noKey],
      [401, '', noKey],
      [402, words, noKey],
      [403, words, noKey],
      [404, words, refused],
      [422, words, refused],
      [422, '<html>', refused],
      [429, words, later],
      [429, '', later],
      [503, words, later],
    ])('surely accepted nothing when it answers %i with %j', async (status, body, expected) => {
      const failure = await submit({ status, body });
      expect(failure).toBeInstanceOf(NotAccepted);
      expect(failure).toMatchObject({ ...expected, end: { ...expected.end, maybeCharged: false } });
      expect([posts(), tested.taken()]).toEqual([1, 0]);
    });

    it('says how long it wants to be left alone', async () => {
      const failure = await submit({ status: 429, headers: { 'retry-after': '7' }, body: words });
      expect(failure).toMatchObject({ retryable: true, retryAfterMs: 7_000 });
    });

    it.each<[string, Disturbance]>([
      ['answers 500', { status: 500, body: words }],
      ['answers 502', { status: 502, body: '<html>' }],
      ['answers 503 with the words of a proxy', { status: 503, body: '<html>' }],
      ['answers 404 with the words of a proxy', { status: 404, body: '<html>' }],
      ['answers 504', { status: 504, body: words }],
      ['answers 408', { status: 408, body: words }],
      ['answers 409', { status: 409, body: words }],
      ['redirects', { status: 307, headers: { location: 'http://169.254.169.254/' } }],
      ['answers nonsense', { status: 200, body: '<html>' }],
      ['answers an empty object', { status: 200, body: {} }],
      ['breaks the connection before', 'cut'],
      ['breaks the connection after', 'lost'],
      ['breaks the connection in its answer', 'half'],
    ])('may have accepted a task when it %s, and is not asked again (case 3)', async (_, met) => {
      const failure = await submit(met);
      expect(failure).toMatchObject({ name: 'UncertainSubmit' });
      expect(posts()).toBe(1);
      expect(tested.taken()).toBe(typeof met === 'string' && met !== 'cut' ? 1 : 0);
    });

    it('may have accepted a task when its caller leaves', async () => {
      expect(await submit('hang', AbortSignal.timeout(500))).toMatchObject({ name: 'UncertainSubmit' });
      expect([posts(), tested.taken()]).toEqual([1, 1]);
    });

    it('takes its time', async () => {
      expect(await submit({ waitMs: 700 })).not.toBeInstanceOf(Error);
      expect(posts()).toBe(1);
    });

    it('begins nothing where no server listens', async () => {
      const nowhere = tested.openAt(await closedOrigin(), ['127.0.0.1']);
      const begun = nowhere.submit(task(), { signal: soon() });
      await expect(begun).rejects.toBeInstanceOf(NotAccepted);
      await expect(begun).rejects.toMatchObject({ retryable: true });
    });

    it('begins nothing where a name leads to no address, or an internal one', async () => {
      for (const host of ['images.invalid', 'inside.example']) {
        const nowhere = tested.openAt(`http://${host}`, [host]);
        await expect(nowhere.submit(task(), { signal: soon() })).rejects.toBeInstanceOf(NotAccepted);
      }
    });

    it('is only opened at an allowed host', () => {
      expect(() => tested.openAt('http://169.254.169.254', ['api.example.com'])).toThrow('OUTBOUND_WHITELIST');
    });

    it('names neither key, prompt nor address when something fails', async () => {
      const failures = [
        await submit({ status: 422, body: words }),
        await submit({ status: 500, body: { error: tested.secret } }),
        await submit('lost'),
        await tested
          .openAt(await closedOrigin(), ['127.0.0.1'])
          .submit(task(), { signal: soon() })
          .catch((error) => error),
        await model
          .fetch({ url: `${tested.server.origin}/no` }, { maxBytes: 9, signal: soon() })
          .catch((error) => error),
      ];
      for (const failure of failures) {
        const text = inspect(failure, { depth: 9, showHidden: true });
        expect(failure).toBeInstanceOf(Error);
        for (const secret of [tested.secret, 'lighthouse', '127.0.0.1']) expect(text).not.toContain(secret);
      }
    });

    it('can be asked again after it was not there', async () => {
      const begun = await model.submit(task(), { signal: soon() });
      if ('outcome' in begun) return expect(tested.isSynchronous).toBe(true);
      const { reference } = begun;
      for (const [met, reason] of [
        ['cut', 'unreachable'],
        ['half', 'unreachable'],
        [{ status: 500, body: '<html>' }, 'broken'],
        [{ status: 503, body: '' }, 'overloaded'],
        [{ status: 429, body: words }, 'overloaded'],
        [{ status: 401, body: words }, 'refused'],
        [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, 'refused'],
        [{ status: 200, body: '<html>' }, 'broken'],
      ] as [Disturbance, string][]) {
        tested.server.disturb(met);
        await expect(model.look(reference, soon())).rejects.toMatchObject({ name: 'AiFailure', reason });
        tested.server.disturb(met);
        if (!(typeof met === 'object' && 'status' in met && met.status === 200)) {
          await expect(model.cancel(reference, soon())).rejects.toMatchObject({ name: 'AiFailure', reason });
        } else tested.server.disturb();
      }
      await tested.reach('ended');
    });

    it('sends its key to itself alone, and in no address', async () => {
      const begun = await model.submit(task(), { signal: soon() });
      await tested.reach('ended');
      const end = 'reference' in begun ? await model.look(begun.reference, soon()) : begun;
      if (!('outcome' in end) || end.outcome !== 'made') throw new Error('made no picture');
      for (const { picture } of end.pictures) await model.fetch(picture, { maxBytes: 9_000_000, signal: soon() });
      for (const { path, query } of tested.server.requests) {
        expect(`${path}?${query}`).not.toContain(encodeURIComponent(tested.secret));
        expect(`${path}?${query}`).not.toContain(tested.secret);
      }
    });
  });
}
