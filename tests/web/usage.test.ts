import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

/** Days of the month in whose share of the picture something is drawn in the colour of the bars. */
const drawnDays = (page: Page, name: string, days: number) =>
  page.getByRole('img', { name }).evaluate((place, count) => {
    const canvas = place.querySelector('canvas') as HTMLCanvasElement;
    const plot = place.querySelector('.u-over') as HTMLElement;
    const [outer, inner] = [canvas.getBoundingClientRect(), plot.getBoundingClientRect()];
    const scale = canvas.width / outer.width;
    const [left, top] = [(inner.left - outer.left) * scale, (inner.top - outer.top) * scale];
    const [width, height] = [inner.width * scale, inner.height * scale];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const probe = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    probe.fillStyle = getComputedStyle(place).getPropertyValue('--accent');
    probe.fillRect(0, 0, 1, 1);
    const accent = probe.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
    return Array.from({ length: count }, (_, index) => index + 1).filter((day) => {
      const x = Math.round(left + ((day - 0.5) * width) / count);
      const { data } = context.getImageData(x, Math.round(top), 1, Math.round(height));
      for (let at = 0; at < data.length; at += 4) if (data.slice(at, at + 3).join() === accent) return true;
      return false;
    });
  }, days);

describe.skipIf(noBrowser)('usage', () => {
  it('is shown by day as a picture and as the same table, for what the reader chooses', async () => {
    const owner = await createAccount(platform);
    await owner.add('lease.txt', 'Clause 1. The deposit is 500 euros.');
    await owner.ask('How high is the deposit?');
    const { since, days } = await owner.get<{ since: string; days: { day: string; count: number }[] }>(
      'GET /api/usage/days',
    );
    const used = days.map(({ day }) => Number(day.slice(-2)));
    expect(used.length).toBeGreaterThan(0);
    const [year = 0, month = 1] = since.split('-').map(Number);
    const length = new Date(Date.UTC(year, month, 0)).getUTCDate();

    const page = await openPage('/usage', { as: owner });
    await expect.poll(() => drawnDays(page, 'By day: Calls', length), { timeout: 15_000 }).toEqual(used);
    await page.getByLabel('What is shown').selectOption({ label: 'Cost, ₽' });
    // The local model costs nothing.
    await expect.poll(() => drawnDays(page, 'By day: Cost, ₽', length), { timeout: 15_000 }).toEqual([]);
    await page.getByText('Show as a table').click();
    const rows = page.getByRole('table', { name: 'By day' }).getByRole('row');
    const counts = await rows.evaluateAll((found) =>
      found.slice(1).map((each) => Number(each.querySelectorAll('td, th')[1]?.textContent)),
    );
    expect(counts).toEqual(days.map(({ count }) => count));
  });
});
