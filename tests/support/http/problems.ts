import { expect } from 'vitest';

/** Expects a problem document with one of these statuses. */
export async function expectProblem(sent: Promise<Response> | Response, ...wanted: number[]): Promise<void> {
  const response = await sent;
  const text = await response.text();
  expect(wanted, `${response.url}: ${response.status} ${text.slice(0, 300)}`).toContain(response.status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({
    type: expect.stringMatching(/^urn:pandect:problem:/),
    status: response.status,
  });
}

/** The same in the form that clients of OpenAI and Anthropic know. */
export async function expectClientError(response: Response, ...wanted: number[]): Promise<void> {
  const text = await response.text();
  expect(wanted, `${response.url}: ${response.status} ${text.slice(0, 300)}`).toContain(response.status);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(JSON.parse(text)).toMatchObject({ error: { type: expect.any(String), message: expect.any(String) } });
}
