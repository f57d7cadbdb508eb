const MOST_READ = 4_096;
const MOST_KEPT = 300;

/** Every expression is linear in the length of the text. */
const secrets: readonly [RegExp, string][] = [
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, '[url]'],
  [/\bdata:[\w./+-]{1,60};base64,[A-Za-z0-9+/=_-]*/gi, '[data]'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, '[email]'],
  [/\b(?:bearer|basic|api-key|token)\s+[\w.~+/*=-]{8,}/gi, '[key]'],
  [/\b(?:sk|pk|rk|key|org|proj|user)[-_][\w*-]{6,}/gi, '[key]'],
  // Tokens, hashes, file contents: long runs of what is no word, those with a digit; and very long ones in any case.
  [/(?=[\w+/=*-]{0,200}\d)[\w+/=*-]{24,}/g, '[key]'],
  [/[A-Za-z0-9+/=_-]{48,}/g, '[data]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, '[host]'],
  [/\b(?:[a-z0-9-]{1,63}\.){1,6}(?:com|net|org|ru|ai|io|cloud|dev|local|internal|invalid)\b(?::\d{1,5})?/gi, '[host]'],
  [/\blocalhost(?::\d{1,5})?\b/gi, '[host]'],
];

/** Words, versions and a day, such as `claude-sonnet-4-5-20250929`. */
const modelName = /^[a-z]{3,12}(?:-(?:[a-z]{1,12}|\d{1,4}|\d{8}|[a-z\d]{2,3}))+$/;

/**
 * What an upstream says of a request, for its caller: one line of at most 300 characters without keys, addresses, e-mails and encoded
 * data, which providers repeat in their messages. Undefined when nothing is left of it.
 */
export function redactDetail(message: string): string | undefined {
  let text = message.slice(0, MOST_READ);
  for (const [expression, mark] of secrets)
    text = text.replaceAll(expression, (found) => (modelName.test(found) ? found : mark));
  text = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  if (text.length > MOST_KEPT)
    text = `${Array.from(text)
      .slice(0, MOST_KEPT - 1)
      .join('')
      .slice(0, MOST_KEPT - 1)}…`;
  return text === '' ? undefined : text;
}
