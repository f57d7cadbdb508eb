const DELTA = Buffer.from('"delta"');
const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const U = 117;

/** Where the dialects have text, reasoning and arguments of tools in a piece of an answer. */
const keys = new Set([
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'name',
  'arguments',
  'text',
  'thinking',
  'partial_json',
  'delta',
]);

/**
 * Characters of text, reasoning and tool calls in an event of a stream, without parsing it. It is only needed where an upstream counts
 * nothing, so that events that pass by cost no more than a look at their bytes.
 */
export function countCharacters(event: Buffer): number {
  let at = event.indexOf(DELTA);
  if (at === -1) return 0;
  let characters = 0;
  let key = '';
  while (at !== -1 && at < event.length) {
    const start = at + 1;
    let end = start;
    let length = 0;
    for (let byte = event[end]; byte !== undefined && byte !== QUOTE; byte = event[end]) {
      if (byte === BACKSLASH) end += event[end + 1] === U ? 6 : 2;
      else end += 1;
      // Bytes that continue a character count nothing; those outside of the basic plane are two, as in strings.
      if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 : 1;
    }
    let next = end + 1;
    while (event[next] === 32) next += 1;
    if (event[next] === COLON) key = event.toString('latin1', start, end);
    else if (keys.has(key)) characters += length;
    at = event.indexOf(QUOTE, next);
  }
  return characters;
}
