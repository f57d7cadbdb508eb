import { openAiError, refuseModel } from './openai-rules.ts';
import type { Json, Reply } from './provider-server.ts';

/* OpenAI's operations besides conversations, and what they refuse. */

const event = (data: Json) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const refuse = (param: string, message: string) => openAiError(400, message, { param });
const unknownField = (body: Json, fields: string): Reply | undefined => {
  const known = fields.split(/\s+/);
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : refuse(unknown, `Unknown parameter: '${unknown}'.`);
};

/** Sound, or events with it; only `gpt-4o-mini-tts` has events, and counts. */
export function speak(body: Json): Reply {
  const broken = unknownField(body, 'model input voice instructions response_format speed stream_format');
  if (broken) return broken;
  if (typeof body.input !== 'string' || body.input.length > 4_096) return refuse('input', "Invalid 'input'.");
  if (typeof body.voice !== 'string') return refuse('voice', "Missing required parameter: 'voice'.");
  if (body.stream_format !== 'sse')
    return { headers: { 'content-type': 'audio/mpeg' }, pieces: [Buffer.from([0xff, 0xf3, 0x44, 0xc4])] };
  if (body.model === 'tts-1') return refuse('stream_format', "'sse' is not supported for 'tts-1'.");
  const usage = { input_tokens: 4, output_tokens: 30, total_tokens: 34 };
  const pieces = [
    event({ type: 'speech.audio.delta', audio: '//NExA==' }),
    event({ type: 'speech.audio.done', usage }),
  ];
  return { pieces };
}

/** Pictures: with a count of tokens by `gpt-image-1`, without one by `dall-e-3`, which makes one at a time. */
export function draw(body: Json): Reply {
  const isNew = body.model === 'gpt-image-1';
  const broken = unknownField(
    body,
    isNew
      ? 'model prompt n size quality background moderation output_compression output_format partial_images stream user'
      : 'model prompt n size quality response_format style user',
  );
  if (broken) return broken;
  if (typeof body.prompt !== 'string') return refuse('prompt', "Missing required parameter: 'prompt'.");
  const n = Number(body.n ?? 1);
  if (n > (isNew ? 10 : 1)) return refuse('n', `Invalid 'n': integer above maximum value.`);
  if (!isNew) return { json: { created: 1, data: [{ url: 'https://pictures.example/1', revised_prompt: 'A court' }] } };
  const usage = { input_tokens: 9, output_tokens: 272 * n, total_tokens: 9 + 272 * n };
  if (body.stream !== true)
    return { json: { created: 1, data: Array.from({ length: n }, () => ({ b64_json: 'iVBORw==' })), usage } };
  const partial = event({ type: 'image_generation.partial_image', b64_json: 'iVBO', partial_image_index: 0 });
  return { pieces: [partial, event({ type: 'image_generation.completed', b64_json: 'iVBORw==', usage })] };
}

/** What is said in a form's recording, in the format that it asks for; only `whisper-1` knows subtitles, and no stream. */
export function transcribe(raw: Buffer, contentType: string): Reply {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return openAiError(400, 'We expect a form.');
  const parts = raw.toString('latin1').split(`--${boundary}`);
  const valuesOf = (name: string) =>
    parts
      .filter((part) => part.includes(`name="${name}"\r\n`))
      .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4, -2));
  const [model, ...others] = valuesOf('model');
  if (others.length > 0 || !['whisper-1', 'gpt-4o-transcribe'].includes(model ?? '')) return refuseModel(model);
  if (!parts.some((part) => part.includes('name="file"; filename='))) return refuse('file', 'No file.');
  const [format = 'json'] = valuesOf('response_format');
  if (model === 'gpt-4o-transcribe') {
    if (format !== 'json') return refuse('response_format', `response_format '${format}' is not compatible.`);
    const usage = { type: 'tokens', input_tokens: 20, output_tokens: 5, total_tokens: 25 };
    if (valuesOf('stream')[0] !== 'true') return { json: { text: 'Good morning.', usage } };
    const delta = event({ type: 'transcript.text.delta', delta: 'Good morning.' });
    return {
      pieces: [delta, event({ type: 'transcript.text.done', text: 'Good morning.', usage }), 'data: [DONE]\n\n'],
    };
  }
  const text = (body: string) => ({ headers: { 'content-type': 'text/plain; charset=utf-8' }, pieces: [body] });
  switch (format) {
    case 'json':
      return { json: { text: 'Good morning.', usage: { type: 'duration', seconds: 2 } } };
    case 'verbose_json':
      return { json: { task: 'transcribe', language: 'english', duration: 1.6, text: 'Good morning.', segments: [] } };
    case 'text':
      return text('Good morning.\n');
    case 'srt':
      return text('1\n00:00:00,000 --> 00:00:02,400\nGood morning.\n');
    case 'vtt':
      return text('WEBVTT\n\n00:00.000 --> 00:02.400\nGood morning.\n');
    default:
      return refuse('response_format', `Invalid value: '${format}'.`);
  }
}
