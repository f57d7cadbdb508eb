import { describe, expect, it } from 'vitest';
import { createFigures } from './serve-figures.ts';

const token = 'figures-figures-figures';
const ask = async (
  options: { token?: string; openToMachine?: boolean },
  headers: Record<string, string>,
): Promise<number> => {
  const app = createFigures({
    ...{ metrics: async () => 'a 1\n', token: options.token, openToMachine: options.openToMachine ?? false },
  });
  return (await app.request('/metrics', { headers })).status;
};
const edge = { 'x-forwarded-for': '127.0.0.1' };
const local = { ...edge, 'x-pandect-direct': 'yes' };

describe('figures', () => {
  it('are open to what has the socket or the port', async () => {
    expect(await ask({}, {})).toBe(200);
    expect(await ask({ token }, {})).toBe(200);
  });

  it('are closed behind the edge without a token, unless they are open to this machine', async () => {
    expect(await ask({}, edge)).toBe(404);
    expect(await ask({}, local)).toBe(404);
    expect(await ask({ openToMachine: true }, local)).toBe(200);
    expect(await ask({ openToMachine: true }, edge)).toBe(404);
  });

  it('are opened by the token, and where one is set by nothing else', async () => {
    const sent = (authorization: string) => ({ ...edge, authorization });
    expect(await ask({ token }, sent(`bearer ${token}`))).toBe(200);
    expect(await ask({ token }, sent(`Bearer ${token}s`))).toBe(404);
    expect(await ask({ token }, sent(`Basic ${token}`))).toBe(404);
    expect(await ask({ token, openToMachine: true }, local)).toBe(404);
    expect(await ask({ openToMachine: true }, sent('Bearer undefined'))).toBe(404);
  });
});
