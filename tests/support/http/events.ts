/** One server-sent event, its data read as JSON. */
export interface ServerEvent {
  event: string;
  data: unknown;
}

/** The events of a stream as they come, until it ends. @throws when it is none, or breaks off */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    throw new Error(`Read events: ${response.status} ${await response.text()}`);
  }
  let rest = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
  if (rest !== '') throw new Error(`Read events: the stream broke off after "${rest.slice(0, 80)}"`);
}

/** Undefined for a comment, which only keeps the connection alive. */
function parse(block: string): ServerEvent | undefined {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join('\n');
  const data = field('data');
  return data === '' ? undefined : { event: field('event'), data: JSON.parse(data) };
}
