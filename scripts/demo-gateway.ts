import OpenAI from 'openai';
import type { DemoClient } from './demo-client.ts';

const clause = 'The rent is 1,000 euros a month. It is due by the fifth day of each month. Pets need written consent.';
const question = 'By which day is the rent due?';

/**
 * Continues a conversation through the gateway with OpenAI's client and a key made for it, and shows who answered and what it cost.
 * False without an answer.
 */
export async function chatThroughGateway(client: DemoClient, url: string): Promise<boolean> {
  const key = await client.addKey('Demo of the gateway', ['gateway']);
  try {
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key.key, maxRetries: 2 });
    const content = `${clause}\n\n${question}`;
    const { data, response } = await openai.chat.completions
      .create({ model: 'default', messages: [{ role: 'user', content }] })
      .withResponse();
    const answer = data.choices[0]?.message.content ?? '';
    const [target, cost] = ['x-pandect-target', 'x-pandect-cost'].map((name) => response.headers.get(name));
    console.log(`
A program with OpenAI's client at ${url}/v1
? ${clause} ${question}
  ${answer.replaceAll(/\s+/g, ' ') || '—'}
    x-pandect-target: ${target}
    x-pandect-cost: ${cost} roubles`);
    return answer !== '' && target !== null && cost !== null;
  } finally {
    await client.removeKey(key.id);
  }
}
