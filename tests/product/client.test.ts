import { expect, it } from 'vitest';
import { followPage } from '../support/pages/follow-page.ts';
import { readPage } from '../support/pages/read-page.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();

it('the client does what its page says', async () => {
  const replaced = { 'anna@example.com': `${crypto.randomUUID()}@example.com` };
  const printed = await followPage(await readPage('docs/how-to/use-the-client.md'), { platform, replaced });
  expect(printed).toContain('done: 67 of 67');
  expect(printed).toMatch(/The tenant pays the rent by the fifth day of each month\. ?\[1\]/);
  expect(printed).toMatch(/lease.*: ".*the fifth day/);
  expect(printed).toMatch(/refused: \S/);
});
