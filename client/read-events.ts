import { EventSourceParserStream } from 'eventsource-parser/stream';
import { failureOf, ProblemError } from './problem.ts';

export interface StreamEvent {
  event: string;
  data: unknown;
  /** Its place in the stream, where the server gives one. */
  id?: string;
}

/**
 * The server-sent events of a response, their data read as JSON.
 * @param silenceMs how long the connection may be silent before it counts as lost; the server's signs of life count
 * @throws ProblemError for an event `error`; NetworkError when the connection is lost
 */
export async function* readEvents(response: Response, silenceMs?: number): AsyncGenerator<StreamEvent> {
  const body = response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (end) => end.close() });
  const alive = silenceMs === undefined ? body : body.pipeThrough(failWhenSilent(silenceMs));
  const messages = alive.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = messages.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const { event = 'message', data, id } = value;
      const parsed = JSON.parse(data);
      if (event === 'error') throw new ProblemError(parsed);
      yield { event, data: parsed, ...(id !== undefined && { id }) };
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    // Ends the connection when the reader leaves first.
    await reader.cancel().catch(() => {});
  }
}

function failWhenSilent(ms: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setTimeout>;
  const watch = (controller: TransformStreamDefaultController) => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.error(new Error(`Silent for ${ms} ms`)), ms);
  };
  return new TransformStream({
    start: watch,
    transform(chunk, controller) {
      watch(controller);
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
    cancel: () => clearTimeout(timer),
  } as Transformer<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>);
}
