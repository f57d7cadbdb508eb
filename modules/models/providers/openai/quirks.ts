import type { Json } from '../../dialects/contract.ts';
import { entryOf } from '../../dialects/json.ts';
import type { Provider, ProviderKind } from '../adapter.ts';
import { withoutOurs } from '../without-ours.ts';

/** How a server differs from OpenAI's own. Each may be set as an option of its provider. */
export interface Quirks {
  /** Name that the server has for the limit of an answer's tokens; undefined leaves it to the model and the caller. */
  maxTokensField: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Refuses `stream_options`. */
  noStreamOptions: boolean;
  /** Does not know the role `developer`, which then becomes `system`. */
  noDeveloperRole: boolean;
  /** What becomes of `reasoning_content` in the messages of a conversation. */
  reasoningContent: 'keep' | 'remove' | 'tool-turns';
  /** Thinks only in streams, so that whole answers must ask it not to. */
  thinksInStreams: boolean;
}

type Server = 'openai' | 'deepseek' | 'qwen' | 'vllm' | 'ollama' | 'yandex' | 'cohere' | 'other';

const other: Quirks = {
  maxTokensField: undefined,
  noStreamOptions: false,
  noDeveloperRole: false,
  reasoningContent: 'keep',
  thinksInStreams: false,
};

/** https://api-docs.deepseek.com, https://help.aliyun.com/zh/model-studio, https://docs.vllm.ai, https://docs.ollama.com */
const servers: Readonly<Record<Server, Quirks>> = {
  openai: { ...other, reasoningContent: 'remove' },
  deepseek: { ...other, maxTokensField: 'max_tokens', noDeveloperRole: true, reasoningContent: 'tool-turns' },
  qwen: { ...other, maxTokensField: 'max_tokens', noDeveloperRole: true, thinksInStreams: true },
  vllm: { ...other, noDeveloperRole: true },
  ollama: { ...other, maxTokensField: 'max_tokens', noDeveloperRole: true },
  yandex: { ...other, maxTokensField: 'max_tokens', noDeveloperRole: true, reasoningContent: 'remove' },
  cohere: {
    ...other,
    maxTokensField: 'max_tokens',
    noStreamOptions: true,
    noDeveloperRole: true,
    reasoningContent: 'remove',
  },
  other,
};

const kinds: Readonly<Partial<Record<ProviderKind, Server>>> = { azure: 'openai', yandex: 'yandex', cohere: 'cohere' };

const hosts: readonly [RegExp, Server][] = [
  [/^api\.openai\.com$/, 'openai'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^dashscope(-[a-z]+)?\.aliyuncs\.com$/, 'qwen'],
];

/** By the options of a provider, its option `server`, its kind, or the host of its address. */
export function quirksOf({ kind, baseUrl, options }: Pick<Provider, 'kind' | 'baseUrl' | 'options'>): Quirks {
  const { hostname } = new URL(baseUrl);
  const usual = kinds[kind] ?? hosts.find(([host]) => host.test(hostname))?.[1] ?? 'other';
  const quirks = entryOf(servers, options.server) ?? servers[usual];
  const set = Object.keys(quirks).filter((name) => options[name] !== undefined && options[name] !== '');
  return { ...quirks, ...Object.fromEntries(set.map((name) => [name, options[name]])) };
}

/** Models that know `max_completion_tokens` instead of `max_tokens`, and no `temperature`. */
export const isReasoningModel = (model: string, options: Provider['options']): boolean =>
  typeof options.reasoning === 'boolean' ? options.reasoning : /^(o\d|gpt-5)/.test(model);

/** Sampling that reasoning models refuse. */
const samplingFields = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'] as const;

/**
 * A chat completion as this server takes it. What only we know (`x_…`) is taken out.
 * @param drop is told of what is left out because the model refuses it; without it, all stays, and the server says no
 */
export function adaptChat(
  body: Json,
  quirks: Quirks,
  isReasoning: boolean,
  drop: ((parameter: string) => void) | undefined,
): Json {
  const adapted = withoutOurs(body);
  renameLimit(adapted, quirks.maxTokensField ?? (isReasoning ? 'max_completion_tokens' : undefined));
  if (quirks.noStreamOptions || adapted.stream !== true) delete adapted.stream_options;
  if (quirks.thinksInStreams && adapted.stream !== true) adapted.enable_thinking ??= false;
  for (const name of isReasoning && drop ? samplingFields : []) {
    if (adapted[name] === undefined || adapted[name] === null) continue;
    delete adapted[name];
    drop?.(name);
  }
  if (Array.isArray(body.messages)) adapted.messages = adaptMessages(body.messages, quirks);
  return adapted;
}

function renameLimit(body: Json, field: Quirks['maxTokensField']): void {
  if (field === undefined) return;
  const unused = field === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const limit = body[field] ?? body[unused];
  delete body[unused];
  if (limit !== undefined) body[field] = limit;
}

function adaptMessages(messages: readonly Json[], quirks: Quirks): Json[] {
  const lastQuestion = messages.findLastIndex((message) => message?.role === 'user');
  return messages.map((message, index) => {
    if (typeof message !== 'object' || message === null) return message;
    const adapted = withoutOurs(message);
    if (adapted.role === 'developer' && quirks.noDeveloperRole) adapted.role = 'system';
    // What was thought of a turn that is over is refused; within a turn the model needs it to continue after its tools.
    const isToolTurn = index > lastQuestion && Array.isArray(message.tool_calls);
    const mayKeep = quirks.reasoningContent === 'keep' || (quirks.reasoningContent === 'tool-turns' && isToolTurn);
    if (!mayKeep) delete adapted.reasoning_content;
    return adapted;
  });
}
