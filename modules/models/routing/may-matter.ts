/** Keys whose value says something unless it is null. */
const keys = ['"usage"', '"error"', '"finish_reason"', '"stop_reason"'].map((word) => Buffer.from(word));
const words = ['[DONE]', '"message_stop"', '"response.', 'event: error', 'event:error'].map((word) =>
  Buffer.from(word),
);
const deltas = Buffer.from('.delta"');
const [SPACE, COLON, N] = [32, 58, 110];

/** Whether an event may hold a count, an end or an error: all others pass unread once an answer has begun. */
export function mayMatter(event: Buffer): boolean {
  for (const key of keys) {
    for (let at = event.indexOf(key); at !== -1; at = event.indexOf(key, at)) {
      at += key.length;
      while (event[at] === SPACE) at += 1;
      if (event[at] !== COLON) return true;
      at += 1;
      while (event[at] === SPACE) at += 1;
      if (event[at] !== N) return true;
    }
  }
  // Nearly all events of OpenAI's responses are pieces.
  return words.some((word) => event.includes(word)) && !event.includes(deltas);
}
