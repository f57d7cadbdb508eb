import type { Locator, Page, Route } from 'playwright-core';

/** Waits for the heading of a screen. */
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
/** Answers with a problem document. */
export const refuse = (route: Route, status: number, name: string, more: object = {}) =>
  route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      type: `urn:pandect:problem:${name}`,
      title: name,
      status,
      detail: `It is ${name}.`,
      ...more,
    }),
  });

/** Goes to another screen within the console, as its links do. */
export async function show(page: Page, path: string) {
  await page.evaluate((to) => {
    window.history.pushState({}, '', to);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll('[role=status]')].some(({ textContent }) =>
        /Loading|Загрузка/.test(textContent ?? ''),
      ),
  );
}

/** Answers a path of the API with JSON of the test's own. */
export const answer = (page: Page, path: string, json: unknown) =>
  page.route(`**${path}`, (route) => route.fulfill({ json: json as object }));

/** A log in the hand of the test: the page reads what is there, and then follows behind its last place. */
export async function serveLog(page: Page) {
  const log = ['Line 1', 'Line 2'];
  const followed: string[] = [];
  const line = (message: string) => ({
    ...{ at: '2026-11-01T10:00:00.000Z', unit: 'ask', release: null, level: 'info', message },
    ...{ requestId: 'req-1', fields: {} },
  });
  const events = async (route: Route) => {
    const place = Number(route.request().headers()['last-event-id']);
    followed.push(String(place));
    const lines = log.slice(place).map(line);
    const told = `id: ${place + lines.length}\nevent: lines\ndata: ${JSON.stringify({ lines, isGap: false })}\n\n`;
    await route.fulfill({ contentType: 'text/event-stream', body: lines.length > 0 ? told : ': here\n\n' });
  };
  await page.route('**/api/operator/logs?*', (route) =>
    route.fulfill({ json: { lines: log.map(line), next: null, end: String(log.length) } }),
  );
  await page.route('**/api/operator/logs/events*', events);
  return { log, followed };
}

/** Hides the tab from the page, or shows it again. */
export const setVisible = (page: Page, isVisible: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isVisible ? 'visible' : 'hidden',
  );

/** Goes to something with Tab alone, as people without a pointer do. */
export async function reach(page: Page, target: Locator) {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < MOST_PRESSES && !(await isThere()); presses++) await page.keyboard.press('Tab');
  if (!(await isThere())) throw new Error(`Reach by keyboard: ${target} is not among the first ${MOST_PRESSES} stops`);
}

const MOST_PRESSES = 120;
