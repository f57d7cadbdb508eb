import { eventStream, jsonReply, sse, startUpstreamServer } from '../../../modules/testing/upstream-server.ts';

/** The server of models that a page takes for granted. */
export interface ModelServer {
  /** Such as `127.0.0.1:4000`. */
  host: string;
  /** With the key that it wants. */
  keyFile: { path: string; content: string; language: string };
  close(): Promise<void>;
}

const KEY = 'key-of-the-page';

/** Answers every conversation with a greeting, as OpenAI's API does, and refuses other keys. */
export async function startModelServer(): Promise<ModelServer> {
  const server = await startUpstreamServer(({ headers, body }) => {
    if (headers.authorization !== `Bearer ${KEY}`) return jsonReply({ error: { message: 'invalid key' } }, 401);
    const { model, stream } = JSON.parse(body.toString()) as { model: string; stream?: boolean };
    const common = { id: 'chatcmpl-1', created: 1, model };
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const message = { role: 'assistant', content: 'Good day' };
    if (!stream) {
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      return jsonReply({ ...common, object: 'chat.completion', choices, usage });
    }
    const chunk = { ...common, object: 'chat.completion.chunk' };
    const events = [
      { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...chunk, choices: [], usage },
    ];
    return eventStream(sse(...events, '[DONE]'));
  });
  return {
    host: new URL(server.baseUrl).host,
    keyFile: { path: 'key.txt', content: `${KEY}\n`, language: 'text' },
    close: () => server.close(),
  };
}
