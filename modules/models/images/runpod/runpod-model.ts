import { fieldsOf } from '../../dialects/json.ts';
import { type ImageModel, type ImageProgress, type ImageTask, UncertainSubmit } from '../../image-model.ts';
import { createImageWire, statusFailure, type WireOptions } from '../wire/image-wire.ts';
import { submitFailure } from '../wire/submit-failure.ts';
import { readOutput, readProgress } from './read-output.ts';
import { isReference, readRunpodCallback, referenceOf } from './reference.ts';

export interface RunpodOptions extends WireOptions {
  apiKey: string;
  /** Where workers upload pictures, as `host` or `host:port`. */
  fileHosts: readonly string[];
}

const ACTION = 'Ask "runpod" for a picture';
const EXECUTION_MS = 600_000;
/** From submit: a task that still runs then disappears, and a result is kept for half an hour. */
const LIFETIME_MS = 3 * 3_600_000;

/**
 * Workers of a serverless endpoint of RunPod, see https://docs.runpod.io/serverless/endpoints/operation-reference. The model of a task is the
 * id of the endpoint. @throws Error when a host is not allowed
 */
export function createRunpodModel({ apiKey, fileHosts, ...options }: RunpodOptions): ImageModel {
  const wire = createImageWire('runpod', options, fileHosts);
  const headers = { authorization: `Bearer ${apiKey}` };

  /** The address of an operation on a task, whose reference is `<endpoint>/<id>`. */
  const urlOf = (operation: 'status' | 'cancel', reference: string): string => {
    const [endpoint, id] = reference.split('/');
    return `${wire.baseUrl}/${endpoint}/${operation}/${id}`;
  };

  return {
    async submit(task, { callbackUrl, signal }) {
      const body = { input: inputOf(task), policy: { executionTimeout: EXECUTION_MS, ttl: LIFETIME_MS } };
      const whole = callbackUrl === undefined ? body : { ...body, webhook: callbackUrl };
      const answer = await wire.submit(`${wire.baseUrl}/${task.model}/run`, headers, whole, signal);
      if (answer.status !== 200) throw submitFailure('runpod', answer, () => false);
      const reference = referenceOf(task.model, fieldsOf(answer.body).id);
      if (reference === undefined) throw new UncertainSubmit('Submit a picture to "runpod": its answer has no id');
      return { reference };
    },

    async look(reference, signal) {
      if (!isReference(reference)) return { state: 'finished', outcome: 'gone' };
      const answer = await wire.ask({ method: 'GET', url: urlOf('status', reference), headers }, signal);
      // Unknown, past its lifetime, or its result is kept no longer: these look alike.
      if (answer.status === 404) return { state: 'finished', outcome: 'gone' };
      const progress = readStatus(fieldsOf(answer.body), wire.isPictureUrl);
      if (answer.status !== 200 || !progress) throw statusFailure(ACTION, answer.status);
      return progress;
    },

    async cancel(reference, signal) {
      if (!isReference(reference)) return 'too-late';
      const { status, body } = await wire.ask({ method: 'POST', url: urlOf('cancel', reference), headers }, signal);
      if (status === 200) return fieldsOf(body).status === 'CANCELLED' ? 'cancelled' : 'too-late';
      if (status === 400 || status === 404) return 'too-late';
      throw statusFailure(ACTION, status);
    },

    fetch: wire.fetch,

    readCallback: readRunpodCallback,
  };
}

/** Undefined for a state that there is not. */
function readStatus(
  { status, output }: Record<string, unknown>,
  isOurs: (url: string) => boolean,
): ImageProgress | undefined {
  switch (status) {
    case 'IN_QUEUE':
      return { state: 'queued' };
    case 'IN_PROGRESS':
    case 'RUNNING':
      return readProgress(output);
    case 'COMPLETED':
      return { state: 'finished', ...readOutput(output, isOurs) };
    case 'FAILED':
      return { state: 'finished', outcome: 'failed', reason: 'no-picture', maybeCharged: true };
    case 'TIMED_OUT':
      return { state: 'finished', outcome: 'failed', reason: 'timed-out', maybeCharged: true };
    case 'CANCELLED':
      return { state: 'finished', outcome: 'cancelled' };
    default:
      return undefined;
  }
}

/** What https://github.com/runpod-workers/worker-sdxl takes. */
const inputOf = ({ prompt, width, height, count, seed }: ImageTask) => ({
  prompt,
  width,
  height,
  num_images: count,
  seed,
});
