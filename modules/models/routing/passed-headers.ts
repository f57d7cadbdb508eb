/** Headers that mean something only to upstreams that speak certain formats. */
const formats: Readonly<Record<string, readonly string[]>> = {
  'anthropic-beta': ['messages'],
  'openai-beta': ['chat', 'responses'],
};

/** Those headers of a caller that an upstream of this format is sent. @param names of `headers` are in lower case */
export const passedHeaders = (
  headers: Readonly<Record<string, string>> | undefined,
  format: string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => formats[name]?.includes(format) ?? true));
