const QUOTE = 34;
const BACKSLASH = 92;
const U = 117;

/** Where the dialects have text, reasoning and arguments of tools in a piece of an answer. */
const texts =
  /"(?:content|reasoning_content|reasoning|refusal|name|arguments|text|thinking|partial_json|delta)"\s*:\s*"/g;

const pieces = /"(?:delta|content_block)"/;

/**
 * Characters of text, reasoning and tool calls in an event of a stream, without parsing it. It is only needed where an upstream counts
 * nothing, so that events that pass cost no more than a look at them.
 * @param event its bytes, one character each
 */
export function countCharacters(event: string): number {
  const piece = event.search(pieces);
  if (piece === -1) return 0;
  let characters = 0;
  texts.lastIndex = piece;
  while (texts.test(event)) {
    let at = texts.lastIndex;
    for (let byte = event.charCodeAt(at); at < event.length && byte !== QUOTE; byte = event.charCodeAt(at)) {
      if (byte === BACKSLASH) at += event.charCodeAt(at + 1) === U ? 6 : 2;
      else at += 1;
      // Bytes that continue a character count nothing; those outside of the basic plane are two, as in strings.
      if ((byte & 0xc0) !== 0x80) characters += byte >= 0xf0 ? 2 : 1;
    }
    texts.lastIndex = at + 1;
  }
  return characters;
}
