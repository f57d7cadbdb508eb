import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type ImageReply, type ImageRequest, type ImageServer, startImageServer } from './image-server.ts';
import { type Asked, FAILED_PROMPT, isNumberIn, paint, REFUSED_PROMPT, unknownField } from './rules.ts';

type Stage = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

export interface FalTask extends Asked {
  id: string;
  /** `owner/alias`, without the path of the model. */
  app: string;
  stage: Stage;
  webhook: string | undefined;
  isCancelled: boolean;
  /** Pictures that a checker flagged, by their index. */
  flagged: number[];
  /** What the result answers in place of pictures. */
  failure: ImageReply | undefined;
}

export interface FalServer extends ImageServer {
  /** Only this key is taken. */
  key: string;
  jwksUrl: string;
  tasks: FalTask[];
  /** Files at its own address are gone. */
  expireFiles(): void;
  /** What it would send to a task's webhook, signed. */
  callback(task: FalTask, more?: CallbackOptions): { headers: Record<string, string>; body: Buffer };
  /** Signs with a new key from now on. */
  rotateKeys(): void;
}

export interface CallbackOptions {
  /** Its time, as against now. */
  secondsFromNow?: number;
  /** Signs with it in place of the known key. */
  key?: KeyObject;
}

const MODELS = ['fal-ai/flux/schnell', 'fal-ai/flux/dev'];
const FIELDS = ['prompt', 'image_size', 'num_images', 'seed', 'output_format', 'enable_safety_checker', 'sync_mode'];
const notFound: ImageReply = { status: 404, body: { detail: 'Not found' } };

/**
 * Keeps the rules of fal's queue on the loopback interface, see https://fal.ai/docs/documentation/model-apis/inference/queue: submits go to the
 * model's whole path, all else to `owner/alias`; there is no failed state; the same body twice makes two tasks.
 */
export async function startFalServer(): Promise<FalServer> {
  const key = 'fal-key-1234:abcdef0123456789';
  const tasks: FalTask[] = [];
  let hasFiles = true;
  let keys = generateKeyPairSync('ed25519');

  async function answer(request: ImageRequest): Promise<ImageReply> {
    if (request.path === '/.well-known/jwks.json') {
      return { status: 200, body: { keys: [{ kty: 'RSA', n: 'x' }, keys.publicKey.export({ format: 'jwk' })] } };
    }
    const [, taskId, index] = /^\/files\/([\w-]+)\/(\d+)\.png$/.exec(request.path) ?? [];
    if (taskId !== undefined) {
      // Files are public, and a key is none of a file server's business.
      if (request.headers.authorization !== undefined) return { status: 400, body: 'unexpected key' };
      const task = hasFiles ? tasks.find(({ id }) => id === taskId) : undefined;
      return task ? { status: 200, body: await paint(task, Number(index)) } : { status: 404, body: 'gone' };
    }
    if (request.headers.authorization !== `Key ${key}`) return { status: 401, body: { detail: 'No key' } };
    return request.method === 'POST' ? submit(request) : follow(request);
  }

  function submit(request: ImageRequest): ImageReply {
    const taken = readSubmit(request);
    if ('status' in taken) return taken;
    tasks.push(taken);
    return { status: 200, body: { gateway_request_id: taken.id, ...shown(taken) } };
  }

  /** Status, result and cancel. */
  function follow({ method, path }: ImageRequest): ImageReply {
    const [, app, id, operation] = /^\/(.+)\/requests\/([\w-]+)(?:\/(status|cancel))?$/.exec(path) ?? [];
    const task = tasks.find((each) => each.id === id && each.app === app);
    if (method === 'PUT' && operation === 'cancel') return cancel(task);
    if (method !== 'GET' || operation === 'cancel') return { status: 405, body: { detail: 'Method Not Allowed' } };
    if (!task) return notFound;
    if (operation === 'status') return { status: task.stage === 'COMPLETED' ? 200 : 202, body: shown(task) };
    if (task.stage !== 'COMPLETED') return { status: 400, body: { detail: 'Request is still in progress' } };
    return resultOf(task);
  }

  function resultOf({ failure, isCancelled, ...task }: FalTask): ImageReply {
    if (isCancelled) return { status: 499, body: { detail: 'Request cancelled', error_type: 'client_cancelled' } };
    if (failure) return failure;
    const indices = Array.from({ length: task.count }, (_, index) => index);
    const images = indices.map((index) => ({
      ...{ url: `${server.origin}/files/${task.id}/${index}.png`, content_type: 'image/png' },
      ...{ width: task.width, height: task.height },
    }));
    const has_nsfw_concepts = indices.map((index) => task.flagged.includes(index));
    return {
      status: 200,
      headers: { 'x-fal-request-id': task.id },
      body: { images, seed: task.seed, has_nsfw_concepts },
    };
  }

  const shown = ({ id, app, stage }: FalTask) => ({
    ...{ request_id: id, status: stage, ...(stage === 'IN_QUEUE' && { queue_position: 2 }) },
    ...(stage !== 'IN_QUEUE' && { logs: [] }),
    response_url: `${server.origin}/${app}/requests/${id}`,
    status_url: `${server.origin}/${app}/requests/${id}/status`,
    cancel_url: `${server.origin}/${app}/requests/${id}/cancel`,
  });

  const server = await startImageServer({ isSubmit: ({ method }) => method === 'POST', answer });
  return Object.assign(server, {
    key,
    tasks,
    jwksUrl: `${server.origin}/.well-known/jwks.json`,
    expireFiles() {
      hasFiles = false;
    },
    rotateKeys() {
      keys = generateKeyPairSync('ed25519');
    },
    callback: (task: FalTask, { secondsFromNow = 0, key = keys.privateKey }: CallbackOptions = {}) =>
      signedCallback(task, Math.floor(Date.now() / 1000) + secondsFromNow, key),
  });
}

/** The task that a submit asks for, or the answer to a wrong one. */
function readSubmit({ path, body, query }: ImageRequest): FalTask | ImageReply {
  const model = path.slice(1);
  if (!MODELS.includes(model)) return notFound;
  const size = body?.image_size as { width?: unknown; height?: unknown } | undefined;
  const mistake =
    (body === undefined ? 'body' : unknownField(body, FIELDS)) ??
    (typeof body?.prompt === 'string' && body.prompt !== '' ? undefined : 'prompt') ??
    (isNumberIn(size?.width, 64, 14_142) && isNumberIn(size?.height, 64, 14_142) ? undefined : 'image_size') ??
    (isNumberIn(body?.num_images, 1, 4) ? undefined : 'num_images');
  if (mistake) {
    const detail = [{ loc: ['body', mistake], msg: 'Wrong value', type: 'value_error' }];
    return { status: 422, headers: { 'x-fal-retryable': 'false' }, body: { detail } };
  }
  const prompt = String(body?.prompt);
  return {
    ...{ id: crypto.randomUUID(), app: model.split('/').slice(0, 2).join('/'), stage: 'IN_QUEUE', prompt },
    ...{ width: Number(size?.width), height: Number(size?.height), count: Number(body?.num_images) },
    seed: Number(body?.seed ?? 0),
    webhook: query.get('fal_webhook') ?? undefined,
    isCancelled: false,
    flagged: [],
    failure: failureOf(prompt),
  };
}

function cancel(task: FalTask | undefined): ImageReply {
  if (!task) return { status: 404, body: { status: 'NOT_FOUND' } };
  if (task.stage === 'COMPLETED') return { status: 400, body: { status: 'ALREADY_COMPLETED' } };
  if (task.stage === 'IN_PROGRESS') return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
  Object.assign(task, { stage: 'COMPLETED', isCancelled: true });
  return { status: 200, body: { status: 'OK' } };
}

function failureOf(prompt: string): ImageReply | undefined {
  if (prompt === REFUSED_PROMPT) {
    const detail = [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation', categories: ['x'] }];
    return { status: 422, body: { detail } };
  }
  return prompt === FAILED_PROMPT
    ? { status: 500, body: { detail: [{ loc: ['body'], msg: 'Broken', type: 'internal_server_error' }] } }
    : undefined;
}

function signedCallback(task: FalTask, timestamp: number, key: KeyObject) {
  const told = { request_id: task.id, gateway_request_id: task.id, status: task.failure ? 'ERROR' : 'OK', payload: {} };
  const body = Buffer.from(JSON.stringify(told));
  const digest = createHash('sha256').update(body).digest('hex');
  const signed = Buffer.from([task.id, 'user-1', timestamp, digest].join('\n'));
  const headers = {
    'x-fal-webhook-request-id': task.id,
    'x-fal-webhook-user-id': 'user-1',
    'x-fal-webhook-timestamp': String(timestamp),
    'x-fal-webhook-signature': sign(null, signed, key).toString('hex'),
  };
  return { headers, body };
}
