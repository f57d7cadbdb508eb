import { type ImageReply, type ImageRequest, type ImageServer, startImageServer } from './image-server.ts';
import { type Asked, FAILED_PROMPT, isNumberIn, paint, REFUSED_PROMPT } from './rules.ts';

type State = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TIMED_OUT';

export interface RunpodTask extends Asked {
  id: string;
  state: State;
  webhook: string | undefined;
  policy: { executionTimeout?: number; ttl?: number };
  /** Shown in place of what its worker returned; `progress_update` writes here as well. */
  output: unknown;
}

export interface RunpodServer extends ImageServer {
  /** Only this key is taken, and only this endpoint is there. */
  key: string;
  endpoint: string;
  tasks: RunpodTask[];
  /** A worker begins with a task, or finishes it. */
  run(task: RunpodTask): void;
  finish(task: RunpodTask): Promise<void>;
  /** Results are kept no longer. */
  forget(): void;
}

const notFound: ImageReply = { status: 404, body: { error: 'job not found' } };
const ENDED: readonly State[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT'];

/**
 * Keeps the rules of a serverless endpoint of RunPod on the loopback interface, see
 * https://docs.runpod.io/serverless/endpoints/operation-reference, whose workers take and return what
 * https://github.com/runpod-workers/worker-sdxl does. The same body twice makes two tasks.
 */
export async function startRunpodServer(): Promise<RunpodServer> {
  const key = 'rpa_ABCDEF0123456789';
  const endpoint = 'abc123def456';
  const tasks: RunpodTask[] = [];

  function answer(request: ImageRequest): ImageReply {
    if (request.headers.authorization !== `Bearer ${key}`) return { status: 401 };
    const [, name, operation, id] = /^\/v2\/([\w-]+)\/(run|status|cancel)(?:\/([\w-]+))?$/.exec(request.path) ?? [];
    if (name !== endpoint) return { status: 404, body: { error: 'endpoint not found' } };
    if (operation === 'run') return request.method === 'POST' ? run(request) : { status: 405 };
    if (request.method !== (operation === 'status' ? 'GET' : 'POST')) return { status: 405 };
    const task = tasks.find((each) => each.id === id);
    if (!task) return notFound;
    if (operation === 'cancel' && !ENDED.includes(task.state)) task.state = 'CANCELLED';
    return { status: 200, body: shown(task) };
  }

  function run({ body }: ImageRequest): ImageReply {
    const input = body?.input as Record<string, unknown> | undefined;
    if (typeof input !== 'object') return { status: 400, body: { error: 'input is missing' } };
    const policy = (body?.policy ?? {}) as RunpodTask['policy'];
    // Both in milliseconds.
    if (policy.executionTimeout !== undefined && !isNumberIn(policy.executionTimeout, 5_000, 604_800_000))
      return { status: 400, body: { error: 'executionTimeout is out of range' } };
    if (policy.ttl !== undefined && !isNumberIn(policy.ttl, 10_000, 604_800_000))
      return { status: 400, body: { error: 'ttl is out of range' } };
    const task: RunpodTask = {
      ...{ id: `${crypto.randomUUID()}-e1`, state: 'IN_QUEUE', policy, output: undefined },
      ...{ prompt: String(input.prompt), width: Number(input.width), height: Number(input.height) },
      ...{ count: Number(input.num_images), seed: Number(input.seed) },
      webhook: body?.webhook === undefined ? undefined : String(body.webhook),
    };
    tasks.push(task);
    return { status: 200, body: { id: task.id, status: task.state } };
  }

  const server = await startImageServer({ isSubmit: ({ path }) => path.endsWith('/run'), answer });
  return Object.assign(server, {
    key,
    endpoint,
    tasks,
    run: (task: RunpodTask) => {
      task.state = 'IN_PROGRESS';
    },
    async finish(task: RunpodTask) {
      if (ENDED.includes(task.state)) return;
      if (task.prompt === FAILED_PROMPT) task.state = 'FAILED';
      else {
        task.output = await outputOf(task);
        task.state = 'COMPLETED';
      }
    },
    forget: () => void tasks.splice(0),
  });
}

const shown = ({ id, state, output }: RunpodTask) => ({
  ...{ id, status: state, delayTime: 2_188 },
  ...(state === 'FAILED' && { error: 'handler raised' }),
  ...(output !== undefined && { output }),
});

async function outputOf(task: RunpodTask): Promise<unknown> {
  if (task.prompt === REFUSED_PROMPT) return { error: 'content_policy_violation', refresh_worker: false };
  if (!isNumberIn(task.count, 1, 2)) return { error: ['num_images must be 1 or 2'] };
  const images: string[] = [];
  for (let index = 0; index < task.count; index += 1) {
    images.push(`data:image/png;base64,${(await paint(task, index)).toString('base64')}`);
  }
  return { images, image_url: images[0], seed: task.seed };
}
