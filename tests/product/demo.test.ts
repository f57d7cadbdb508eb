import { expect, it, vi } from 'vitest';
import { DemoClient } from '../../scripts/demo-client.ts';
import { chatThroughGateway } from '../../scripts/demo-gateway.ts';
import { createAccount } from '../support/http/client.ts';
import { confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = sharedPlatform();

it('the demonstration ends with a chat through the gateway, and leaves no key', async () => {
  const account = await createAccount(platform);
  await confirmAddress(platform, account);
  const client = new DemoClient(platform.url);
  client.accessToken = account.session.accessToken;
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const isAnswered = await chatThroughGateway(client, platform.url);
  const printed = print.mock.calls.join('\n');
  print.mockRestore();
  expect(isAnswered, printed).toBe(true);
  expect(printed).toContain('It is due by the fifth day of each month.');
  expect(printed).toMatch(/x-pandect-target: \S+\n {4}x-pandect-cost: \d+\.\d+ roubles/);
  const { items } = await client.get<{ items: unknown[] }>('/api/keys');
  expect(items).toMatchObject([{ scopes: ['gateway'], revokedAt: expect.any(String) }]);
});
