import { fieldsOf, isWhole } from '../../dialects/json.ts';
import { type ImageModel, type ImageProgress, type ImageTask, UncertainSubmit } from '../../image-model.ts';
import { createImageWire, statusFailure, type WireOptions } from '../wire/image-wire.ts';
import { submitFailure } from '../wire/submit-failure.ts';
import { appOf, appOfAnswer, isReference, referenceOf } from './addresses.ts';
import { falFileHosts } from './file-hosts.ts';
import { createFalCallbackReader, type FalCallbackOptions } from './read-callback.ts';
import { isPolicyViolation, readResult } from './read-result.ts';

export interface FalOptions extends WireOptions, Pick<FalCallbackOptions, 'jwksUrl' | 'now'> {
  apiKey: string;
}

/** They are public to those who know the address, and fetched at once. */
const FILE_LIFETIME = JSON.stringify({ expiration_duration_seconds: 3_600 });
const ACTION = 'Ask "fal" for a picture';

/** Models of fal over its queue, see https://fal.ai/docs/documentation/model-apis/inference/queue. @throws Error when a host is not allowed */
export function createFalModel({ apiKey, ...options }: FalOptions): ImageModel {
  const wire = createImageWire('fal', options, falFileHosts);
  const { baseUrl } = wire;
  const headers = { authorization: `Key ${apiKey}` };

  async function look(reference: string, signal: AbortSignal): Promise<ImageProgress> {
    const get = (path: string) => wire.ask({ method: 'GET', url: `${baseUrl}/${path}`, headers }, signal);
    const answer = await get(`${reference}/status`);
    if (answer.status === 404) return { state: 'finished', outcome: 'gone' };
    const { status, queue_position: position } = fieldsOf(answer.body);
    if (status === 'IN_QUEUE') {
      return { state: 'queued', ...(isWhole(position, 0, 1_000_000) && { position }) };
    }
    if (status === 'IN_PROGRESS') return { state: 'running' };
    if (status !== 'COMPLETED') throw statusFailure(ACTION, answer.status);
    const result = await get(reference);
    const outcome = readResult(result, wire.isPictureUrl);
    if (!outcome) throw statusFailure(ACTION, result.status);
    return { state: 'finished', ...outcome };
  }

  return {
    async submit(task, { callbackUrl, signal }) {
      const query = callbackUrl === undefined ? '' : `?fal_webhook=${encodeURIComponent(callbackUrl)}`;
      const more = { ...headers, 'x-fal-object-lifecycle-preference': FILE_LIFETIME };
      const answer = await wire.submit(`${baseUrl}/${task.model}${query}`, more, inputOf(task), signal);
      if (answer.status !== 200) throw submitFailure('fal', answer, isPolicyViolation);
      const { request_id: id, response_url: url } = fieldsOf(answer.body);
      const reference = referenceOf(appOfAnswer(baseUrl, url, id) ?? appOf(task.model), id);
      if (reference === undefined) throw new UncertainSubmit('Submit a picture to "fal": its answer has no id');
      return { reference };
    },

    look: async (reference, signal) =>
      isReference(reference) ? look(reference, signal) : { state: 'finished', outcome: 'gone' },

    async cancel(reference, signal) {
      if (!isReference(reference)) return 'too-late';
      const url = `${baseUrl}/${reference}/cancel`;
      const { status, body } = await wire.ask({ method: 'PUT', url, headers }, signal);
      // `OK` is said of one that waited; one that runs is only told to stop.
      if (status === 200 && fieldsOf(body).status === 'OK') return 'cancelled';
      if (status === 200 || status === 202) return 'asked';
      if (status === 400 || status === 404) return 'too-late';
      throw statusFailure(ACTION, status);
    },

    fetch: wire.fetch,

    readCallback: createFalCallbackReader(options),
  };
}

const inputOf = ({ prompt, width, height, count, seed }: ImageTask) => ({
  prompt,
  image_size: { width, height },
  num_images: count,
  seed,
  output_format: 'png',
  enable_safety_checker: true,
});
