import { type Json, type Reply, type Turn, wordsOf } from './provider-server.ts';

/* How OpenAI's API writes what a model says. */

const finishes = { stop: 'stop', length: 'length', filtered: 'content_filter' } as const;
const finishOf = ({ tools, finish = 'stop' }: Turn) => (tools?.length ? 'tool_calls' : finishes[finish]);
const callIds = (turn: Turn) => (turn.tools ?? []).map((tool, index) => ({ ...tool, id: `call_${index}abc` }));

export function chatUsage({ usage }: Turn): Json | undefined {
  if (!usage) return undefined;
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    ...(usage.cached !== undefined && { prompt_tokens_details: { cached_tokens: usage.cached, audio_tokens: 0 } }),
  };
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/** A chat completion, whole or as a stream with `[DONE]`; usage in the stream only when it was asked for. */
export function sayChat(turn: Turn, body: Json): Reply {
  const head = { id: 'chatcmpl-9', created: 1_764_000_000, model: body.model, system_fingerprint: 'fp_1' };
  const calls = callIds(turn).map(({ id, name, arguments: given }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
  }));
  if (body.stream !== true) {
    const message = {
      role: 'assistant',
      content: turn.text ?? null,
      refusal: null,
      ...(turn.reasoning !== undefined && { reasoning_content: turn.reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: finishOf(turn) }];
    return { json: { ...head, object: 'chat.completion', choices, usage: chatUsage(turn) } };
  }
  const wantsUsage = (body.stream_options as Json | undefined)?.include_usage === true;
  const chunk = (delta: Json, finish: string | null = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(wantsUsage && { usage: null }),
  });
  const chunks = [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...wordsOf(turn.reasoning ?? '').map((reasoning_content) => chunk({ reasoning_content })),
    ...wordsOf(turn.text ?? '').map((content) => chunk({ content })),
    ...calls.flatMap((call, index) => [
      chunk({ tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: '' } }] }),
      ...halves(call.function.arguments).map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]),
    chunk({}, finishOf(turn)),
    ...(wantsUsage ? [{ ...head, object: 'chat.completion.chunk', choices: [], usage: chatUsage(turn) }] : []),
  ];
  return { pieces: [...chunks.map(event), 'data: [DONE]\n\n'] };
}

const halves = (text: string) => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];

/** A response, whole or as a stream of named events, which ends without `[DONE]`. */
export function sayResponse(turn: Turn, body: Json): Reply {
  const output = [
    ...(turn.text === undefined
      ? []
      : [
          {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: turn.text, annotations: [], logprobs: [] }],
          },
        ]),
    ...callIds(turn).map(({ id, name, arguments: given }, index) => ({
      id: `fc_${index}`,
      type: 'function_call',
      status: 'completed',
      call_id: id,
      name,
      arguments: JSON.stringify(given),
    })),
  ];
  const isCut = turn.finish === 'length' || turn.finish === 'filtered';
  const reason = turn.finish === 'length' ? 'max_output_tokens' : 'content_filter';
  const { usage } = turn;
  const counted = usage && {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  };
  const head = { id: 'resp_1', object: 'response', created_at: 1_764_000_000, model: body.model, error: null };
  const whole = {
    ...head,
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason } : null,
    output,
    usage: counted,
  };
  if (body.stream !== true) return { json: whole };
  const started = { ...head, status: 'in_progress', incomplete_details: null, output: [], usage: null };
  const events: Json[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...output.flatMap((item, output_index) => itemEvents(item, output_index)),
    { type: isCut ? 'response.incomplete' : 'response.completed', response: whole },
  ];
  return {
    pieces: events.map(
      (data, sequence_number) => `event: ${data.type}\ndata: ${JSON.stringify({ ...data, sequence_number })}\n\n`,
    ),
  };
}

function itemEvents(item: Json, output_index: number): Json[] {
  const at = { item_id: item.id, output_index };
  const added = { type: 'response.output_item.added', output_index };
  const done = { type: 'response.output_item.done', output_index, item };
  if (item.type === 'function_call') {
    const given = String(item.arguments);
    return [
      { ...added, item: { ...item, status: 'in_progress', arguments: '' } },
      ...halves(given).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
      { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: given },
      done,
    ];
  }
  const [part] = item.content as [Json];
  const inside = { ...at, content_index: 0 };
  return [
    { ...added, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...inside, part: { ...part, text: '' } },
    ...wordsOf(String(part.text)).map((delta) => ({ type: 'response.output_text.delta', ...inside, delta })),
    { type: 'response.output_text.done', ...inside, text: part.text },
    { type: 'response.content_part.done', ...inside, part },
    done,
  ];
}

/** Equal texts get equal vectors. @param usage where the format counts */
export function sayEmbeddings(body: Json, dimensions: number): Reply {
  const inputs = Array.isArray(body.input) && typeof body.input[0] !== 'number' ? body.input : [body.input];
  const data = inputs.map((input, index) => ({
    object: 'embedding',
    index,
    embedding: vectorOf(JSON.stringify(input), Number(body.dimensions ?? dimensions)),
  }));
  const tokens = inputs.length * 3;
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  // The order of a list is no promise; `index` is.
  return { json: { object: 'list', model: body.model, data: data.reverse(), usage } };
}

export function vectorOf(text: string, dimensions: number): number[] {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return Array.from({ length: dimensions }, (_, at) => ((hash >>> (at % 24)) & 255) / 256 - 0.5);
}
