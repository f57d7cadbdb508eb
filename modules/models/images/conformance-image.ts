import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ImageModel,
  type ImageProgress,
  type ImageTask,
  NotAccepted,
  type PictureReference,
} from '../image-model.ts';

export interface ImageModelUnderTest {
  /** Other instances stand for other processes. */
  open(): ImageModel;
  /** Name of a model at the provider. */
  model: string;
  /** Tasks that the provider has taken. */
  taken(): number;
  /** What the provider needs to do that each of them is running, or has ended. */
  reach(stage: 'running' | 'ended'): Promise<void>;
  /** Prompts for which it says no, and breaks. */
  prompts: { refused: string; failed: string };
  /** Whether the answer to `submit` is the end. */
  isSynchronous: boolean;
  /** Stands in no error. */
  secret?: string;
  close(): Promise<void>;
}

export const anImageTask = (more: Partial<ImageTask> & { model: string }): ImageTask => ({
  prompt: 'A lighthouse in the fog',
  width: 512,
  height: 512,
  count: 2,
  seed: 7,
  ...more,
});

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const maxBytes = 20_000_000;
const inTime = () => AbortSignal.timeout(10_000);
const cancelled = expect.objectContaining({ name: 'AiFailure', reason: 'cancelled' });

/** What every provider of pictures promises; run by each implementation's test. */
export function describeImageModel(name: string, create: () => Promise<ImageModelUnderTest>): void {
  describe(`image model ${name}`, () => {
    let tested: ImageModelUnderTest;
    let model: ImageModel;
    beforeEach(async () => {
      tested = await create();
      model = tested.open();
    });
    afterEach(() => tested.close());

    const submit = (more: Partial<ImageTask> = {}) =>
      model.submit(anImageTask({ model: tested.model, ...more }), { signal: inTime() });

    /** Submits and waits for the end, which another process sees. */
    async function end(more: Partial<ImageTask> = {}): Promise<ImageProgress> {
      const begun = await submit(more);
      if ('outcome' in begun) return { state: 'finished', ...begun };
      await tested.reach('ended');
      return tested.open().look(begun.reference, inTime());
    }

    async function pictures(more: Partial<ImageTask> = {}): Promise<PictureReference[]> {
      const progress = await end(more);
      if (progress.state !== 'finished' || progress.outcome !== 'made') throw new Error(JSON.stringify(progress));
      return progress.pictures.map(({ picture }) => picture);
    }

    it('makes as many pictures as were asked for, of one submit', async () => {
      const made = await pictures({ count: 2 });
      expect(made).toHaveLength(2);
      expect(tested.taken()).toBe(1);
      for (const picture of made) {
        const bytes = await tested.open().fetch(picture, { maxBytes, signal: inTime() });
        expect(bytes.subarray(0, 4)).toEqual(PNG);
        expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([512, 512]);
      }
    });

    it('fetches a picture again, with the same bytes', async () => {
      const [picture] = await pictures({ count: 1 });
      const fetchOnce = () => model.fetch(picture as PictureReference, { maxBytes, signal: inTime() });
      expect(await fetchOnce()).toEqual(await fetchOnce());
    });

    it('fetches nothing that is larger than allowed', async () => {
      const [picture] = await pictures({ count: 1 });
      const large = model.fetch(picture as PictureReference, { maxBytes: 100, signal: inTime() });
      await expect(large).rejects.toBeInstanceOf(RangeError);
    });

    it.each([
      'http://169.254.169.254/latest/meta-data',
      'http://127.0.0.1:1/picture.png',
      'https://example.invalid/picture.png',
      'file:///etc/passwd',
      'nonsense',
    ])('fetches nothing at %s (case 42)', async (url) => {
      const failure: unknown = await model.fetch({ url }, { maxBytes, signal: inTime() }).catch((error) => error);
      expect(failure).toSatisfy(
        ({ name, reason }) => name === 'ImageGone' || (name === 'AiFailure' && reason === 'refused'),
      );
    });

    it('says that a prompt was refused', async () => {
      // Some say so before they accept anything.
      const refused = await end({ prompt: tested.prompts.refused }).catch((error) => (error as NotAccepted).end);
      expect(refused).toMatchObject({ outcome: 'refused' });
    });

    it('says that there is no picture when it fails', async () => {
      const failed = await end({ prompt: tested.prompts.failed }).catch((error) => {
        // Without a reference it is uncertain what came of it.
        expect(tested.isSynchronous).toBe(true);
        expect(error.name).toBe('UncertainSubmit');
        return { state: 'finished', outcome: 'failed' };
      });
      expect(failed).toMatchObject({ state: 'finished', outcome: 'failed' });
    });

    it('begins nothing for a caller that has left', async () => {
      const begun = model.submit(anImageTask({ model: tested.model }), { signal: AbortSignal.abort() });
      await expect(begun).rejects.toBeInstanceOf(NotAccepted);
      await expect(begun).rejects.toMatchObject({ retryable: true });
      expect(tested.taken()).toBe(0);
    });

    it.each([
      ['nothing', ''],
      ['a word', 'nonsense'],
      ['a path', '../../other'],
      ['too many characters', 'a'.repeat(5_000)],
    ])('knows no task whose reference is %s', async (_, reference) => {
      expect(await model.look(reference, inTime())).toEqual({ state: 'finished', outcome: 'gone' });
      expect(await model.cancel(reference, inTime())).toBe('too-late');
    });

    it('shows where a task stands, to any process, as often as it is asked', async () => {
      const begun = await submit();
      if ('outcome' in begun) return expect(tested.isSynchronous).toBe(true);
      expect(begun.reference.length).toBeLessThan(2_000);
      expect(begun.reference).not.toContain('lighthouse');
      expect(await model.look(begun.reference, inTime())).toMatchObject({ state: 'queued' });
      await tested.reach('running');
      for (let time = 0; time < 2; time += 1) {
        const running = await tested.open().look(begun.reference, inTime());
        expect(running.state).toBe('running');
        if (running.state !== 'running') continue;
        expect(running.share ?? 0).toBeGreaterThanOrEqual(0);
        expect(running.share ?? 0).toBeLessThanOrEqual(1);
      }
      await tested.reach('ended');
      expect(await model.look(begun.reference, inTime())).toMatchObject({ outcome: 'made' });
      expect(tested.taken()).toBe(1);
    });

    it('tells tasks apart that are alike (case 35)', async () => {
      const [one, other] = [await submit(), await submit()];
      if ('reference' in one && 'reference' in other) expect(one.reference).not.toBe(other.reference);
      expect(tested.taken()).toBe(2);
    });

    it('cancels what waits or runs, or asks for it, and nothing that has ended (case 15)', async () => {
      const begun = await submit();
      if ('outcome' in begun) return expect(await model.cancel('nonsense', inTime())).toBe('too-late');
      await tested.reach('running');
      expect(['cancelled', 'asked']).toContain(await model.cancel(begun.reference, inTime()));
      const other = await submit();
      await tested.reach('ended');
      expect(await model.cancel((other as { reference: string }).reference, inTime())).toBe('too-late');
      expect(tested.taken()).toBe(2);
    });

    it('says that it was cancelled when its caller left', async () => {
      const signal = AbortSignal.abort();
      const begun = await submit();
      const reference = 'reference' in begun ? begun.reference : undefined;
      await tested.reach('ended');
      const [picture] = await pictures({ count: 1 });
      if (reference !== undefined) {
        await expect(model.look(reference, signal)).rejects.toEqual(cancelled);
        await expect(model.cancel(reference, signal)).rejects.toEqual(cancelled);
      }
      await expect(model.fetch(picture as PictureReference, { maxBytes, signal })).rejects.toEqual(cancelled);
    });
  });
}
