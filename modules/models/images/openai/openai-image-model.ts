import { fieldsOf, objectsOf } from '../../dialects/json.ts';
import { type ImageModel, type ImageOutcome, UncertainSubmit } from '../../image-model.ts';
import { readError } from '../../providers/failure/error-body.ts';
import { createImageWire, type WireOptions } from '../wire/image-wire.ts';
import { madeOutcome, pictureOf } from '../wire/pictures.ts';
import { submitFailure } from '../wire/submit-failure.ts';

export interface OpenAiImageOptions extends WireOptions {
  apiKey: string;
}

const SUBMIT_MS = 600_000;
const REFUSALS = new Set(['moderation_blocked', 'content_policy_violation']);

/**
 * Models of OpenAI, see https://developers.openai.com/api/docs/api-reference/images/create. The answer to a submit is the end of it, minutes
 * later. Leaving earlier ends nothing that is charged. @throws Error when its host is not allowed
 */
export function createOpenAiImageModel({ apiKey, ...options }: OpenAiImageOptions): ImageModel {
  const wire = createImageWire('openai', { submitMs: SUBMIT_MS, ...options }, []);
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    async submit({ model, prompt, width, height, count }, { signal }): Promise<ImageOutcome> {
      // Models of pictures take no `response_format`, and no seed.
      const body = { model, prompt, n: count, size: `${width}x${height}`, output_format: 'png' };
      const answer = await wire.submit(`${wire.baseUrl}/images/generations`, headers, body, signal);
      const { code } = readError(answer.body);
      // Pictures may have been made before they were refused.
      if (answer.status === 400 && REFUSALS.has(code ?? '')) return { outcome: 'refused', maybeCharged: true };
      if (answer.status !== 200) throw submitFailure('openai', answer, () => false);
      const { data } = fieldsOf(answer.body);
      if (!Array.isArray(data)) throw new UncertainSubmit('Submit a picture to "openai": its answer cannot be read');
      return madeOutcome(objectsOf(data).map((made) => pictureOf(made.b64_json ?? made.url, wire.isPictureUrl)));
    },
    look: async () => ({ state: 'finished', outcome: 'gone' }),
    cancel: async () => 'too-late',
    fetch: wire.fetch,
  };
}
