import type { Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { makeAdministrator } from '../support/people.ts';
import { pandect } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, themeFaults, useBrowser } from '../support/web/browser.ts';
import { answer, heading, refuse, serveLog, setVisible, show } from '../support/web/console-page.ts';

useBrowser();
const platform = await sharedPlatform();

/** Nothing of a name may be read as markup, change the direction of the page, or break a letter in two. */
const hostileName = `<script>alert(1)</script> שלום ‮txt 👩‍⚖️ ${crypto.randomUUID().slice(0, 8)}`;

let administrator: Account;
let customer: Account;
beforeAll(async () => {
  if (noBrowser) return;
  administrator = await createAccount(platform, { tier: 'demo' });
  await makeAdministrator(platform, administrator);
  customer = await createAccount(platform, { tier: 'demo' });
});

const pathOf = (page: Page) => new URL(page.url()).pathname;
async function signIn(page: Page, { email, password }: Account) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

describe.skipIf(noBrowser)('the console', () => {
  it('lets administrators in at the address that they opened, and turns others away', async () => {
    const page = await openPage('/operator/plans');
    await heading(page, "Sign in to the operator's console");
    await signIn(page, customer);
    await heading(page, 'No access to the console');
    expect(await page.getByText(customer.email).count()).toBe(1);
    await page.getByRole('button', { name: 'Sign in with another account' }).click();
    await signIn(page, administrator);
    await heading(page, 'Plans');
    expect(pathOf(page)).toBe('/operator/plans');
    await page.reload();
    await heading(page, 'Plans');
    await page.getByRole('link', { name: 'Prices of models' }).click();
    await heading(page, 'Prices of models');
    await page.goBack();
    await heading(page, 'Plans');
    await show(page, '/operator/nothing/here');
    await heading(page, 'Page not found');
  });

  it('changes an organization for a reason, after the password was asked for again, once', async () => {
    const json = {
      email: `owner-${crypto.randomUUID()}@example.org`,
      password: `password ${crypto.randomUUID()}`,
      organization: hostileName,
    };
    expect((await send(platform.url, 'POST /api/auth/register', { json })).status).toBe(201);
    const page = await openPage('/operator/organizations', { as: administrator });
    await page.getByLabel('Find by name or e-mail').fill(json.email);
    await page.getByRole('link', { name: hostileName }).click();
    await heading(page, hostileName);
    expect(await page.title()).toContain(hostileName);

    const keys: (string | undefined)[] = [];
    await page.route('**/api/admin/organizations/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      return keys.length === 1 ? refuse(route, 403, 'fresh-sign-in-needed') : route.continue();
    });
    await page.getByRole('button', { name: 'Change plan' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change plan' });
    await dialog.getByLabel('New plan').selectOption('professional');
    await dialog.getByText('from “demo” to “professional”').waitFor();
    expect(await dialog.getByRole('button', { name: 'Change plan' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Asked for by letter 12');
    await dialog.getByRole('button', { name: 'Change plan' }).click();
    const password = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await password.getByLabel('Password', { exact: true }).fill(administrator.password);
    await password.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByRole('definition')
      .filter({ hasText: /^professional$/ })
      .waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);

    const { email, password: own } = json;
    const session = await (await send(platform.url, 'POST /api/auth/login', { json: { email, password: own } })).json();
    const headers = { authorization: `Bearer ${session.accessToken}` };
    const audit = await (
      await send(platform.url, 'GET /api/organization/audit?action=change-tier', { headers })
    ).json();
    expect(audit.items).toMatchObject([
      { actor: administrator.email, details: { from: 'demo', to: 'professional', reason: 'Asked for by letter 12' } },
    ]);
  });

  it('confirms a transfer by the amount that is typed, and keeps the dialog when that is refused', async () => {
    const { invoice } = await customer.get<{ invoice: { number: string } }>('POST /api/subscription', {
      json: { action: 'subscribe', tier: 'basic', buyer: { name: 'ООО «Ромашка»', inn: '7701234567' } },
    });
    const page = await openPage(`/operator/money?invoice=${invoice.number}`, { as: administrator, ...PHONE });
    await page.getByRole('button', { name: `Confirm the transfer for invoice ${invoice.number}` }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Confirm', exact: true });
    await dialog.getByLabel('Amount on the statement').fill('500');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Amount on the statement').fill('5 000,00');
    await page.route('**/confirm', (route) => refuse(route, 503, 'unavailable'), { times: 1 });
    await confirm.click();
    await dialog.getByText('It is unavailable.').waitFor();
    expect(await dialog.getByLabel('Amount on the statement').inputValue()).toBe('5 000,00');
    await confirm.click();
    await page.getByText('No payment matches.').waitFor();
    expect(await customer.get('GET /api/subscription')).toMatchObject({ tier: 'basic' });
  });

  it('says what failed and continues when the server answers again', async () => {
    const page = await openPage('/operator/plans', { as: administrator });
    await heading(page, 'Plans');
    let answer: (route: Route) => Promise<void> = (route) => refuse(route, 500, 'internal');
    await page.route('**/api/admin/prices', (route) => answer(route));
    const failures: [typeof answer, RegExp][] = [
      [(route) => refuse(route, 500, 'internal'), /It is internal/],
      [(route) => refuse(route, 429, 'rate-limited'), /It is rate-limited/],
      [(route) => refuse(route, 503, 'unavailable'), /It is unavailable/],
      [
        (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<html>' }),
        /No connection to the server/,
      ],
      [(route) => route.abort('connectionreset'), /No connection to the server/],
    ];
    await show(page, '/operator/prices');
    for (const [failure, text] of failures) {
      answer = failure;
      const again = page.getByRole('button', { name: 'Try again' });
      if (await again.count()) await again.click();
      await page.getByRole('alert').filter({ hasText: text }).waitFor();
    }
    answer = (route) => route.continue();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table').waitFor();
  });

  it('turns away who loses the right in the middle, and nothing more is changed', async () => {
    const other = await createAccount(platform, { tier: 'demo' });
    await makeAdministrator(platform, other);
    const page = await openPage('/operator/plans/demo', { as: other });
    await page.getByLabel('English name').fill('Stolen');
    await page.getByLabel('Reason').fill('None');
    expect((await pandect(platform, 'admin', 'remove', other.email)).status).toBe(0);
    await page.getByRole('button', { name: 'Save' }).click();
    // Their sessions end with the right; who signs in again is an ordinary person.
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('Password', { exact: true }).fill(other.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'No access to the console');
    const { items } = await (await send(platform.url, 'GET /api/plans')).json();
    expect(items.map(({ name }: { name: { en: string } }) => name.en)).not.toContain('Stolen');
  });
});

describe.skipIf(noBrowser)('units in the console', () => {
  it('are restarted from their list, with each step as it happens, and what sleeps is in good order', async () => {
    const page = await openPage('/operator', { as: administrator });
    await page.getByRole('link', { name: 'Units that serve' }).click();
    await heading(page, 'Units');
    await page.getByRole('button', { name: 'Change health' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change health' });
    await dialog.getByLabel('What').selectOption('restart');
    await dialog.getByRole('button', { name: 'Begin' }).click();
    await heading(page, 'health');
    const steps = page.getByRole('region', { name: 'Change of health' });
    await steps.getByText('The change is done.').waitFor();
    expect(await steps.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^started /), expect.stringMatching(/^done /)]),
    );
    // The address holds the change: another look at it shows the same steps.
    await page.reload();
    await steps.getByText('The change is done.').waitFor();
    await steps.getByRole('button', { name: 'Hide' }).click();
    expect(await steps.count()).toBe(0);
  });

  it('show both error rates of a canary, from what to what a rollback goes, and the log of a build that failed', async () => {
    const release = (id: string, state: string) => ({
      ...{ release: id, state, builtAt: '2026-11-01T10:00:00Z', current: state === 'serving', bytes: 1000 },
    });
    const [live, canary, old] = ['aaaa0000aaaa0000', 'bbbb0000bbbb0000', 'cccc0000cccc0000'] as const;
    const unit = {
      ...{ name: 'ask', kind: 'function', state: 'serving', release: live, instances: 1, wanted: 1, restarts: 0 },
      ...{ memoryBytes: 1, inFlight: 0, requestsPerSecond: 3, errorRatio: 0.002, p95Ms: 40, waiting: null },
      ...{ oldestSeconds: null, change: null, bounds: { min: 1, max: 4 }, fixed: null, kills: [], previews: [] },
      releases: [release(canary, 'canary'), release(live, 'serving'), release(old, 'kept')],
      history: [],
      canary: { release: canary, percent: 10, errorRatio: { live: 0.002, canary: 0.031 } },
      failedBuildLog: 'app.ts:12:3: ERROR: <b>Unexpected</b> "}"',
    };
    const page = await openPage('/operator', { as: administrator });
    await answer(page, '/api/operator/units/ask', unit);
    await show(page, '/operator/units/ask');
    await page.getByText('0.2%').first().waitFor();
    await page.getByText('3.1%').waitFor();
    await page.getByText('ERROR: <b>Unexpected</b> "}"').waitFor();

    const sent: unknown[] = [];
    await page.route('**/api/operator/units/ask/changes', (route) => {
      sent.push(route.request().postDataJSON());
      return route.fulfill({ status: 202, json: { id: crypto.randomUUID(), unit: 'ask', ...unit } });
    });
    await page.route('**/api/operator/changes/*/events', (route) => {
      const step = (id: number, data: object) => `id: ${id}\nevent: change\ndata: ${JSON.stringify(data)}\n\n`;
      const failed = { unit: 'ask', step: 'failed', message: 'the build failed', log: 'line one\nline two' };
      const end = 'event: end\ndata: {"ok":false}\n\n';
      return route.fulfill({
        contentType: 'text/event-stream',
        body: step(1, { unit: 'ask', step: 'build' }) + step(2, failed) + end,
      });
    });
    const act = async (name: string, confirm: string) => {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog', { name }).getByRole('button', { name: confirm, exact: true }).click();
      await page.getByText('The change failed.').waitFor();
      await page.getByText('line two').waitFor();
      await page.getByRole('button', { name: 'Hide' }).click();
    };
    await act('Roll back ask from aaaa0000aaaa to cccc0000cccc', 'Roll back');
    await page.getByRole('slider').focus();
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press('ArrowRight');
    await act('Change the share: the canary of ask gets 15 % of callers', 'Change the share');
    await act('Promote the canary of ask: from aaaa0000aaaa to bbbb0000bbbb', 'Promote');
    await act('Abort the canary of ask', 'Abort');
    expect(sent).toEqual([
      { action: 'rollback', release: old },
      { action: 'canary', percent: 15 },
      { action: 'promote' },
      { action: 'abort' },
    ]);
  });
});

describe.skipIf(noBrowser)('logs, jobs and alerts in the console', () => {
  it('follow the log over a hidden tab and a pause: no line is missing, and none is there twice', async () => {
    const page = await openPage('/operator', { as: administrator });
    const { log, followed } = await serveLog(page);
    await show(page, '/operator/logs?level=info');
    const rows = page.getByRole('log').getByRole('listitem');
    const shown = async () => (await rows.allTextContents()).map((text) => /Line \d+/.exec(text)?.[0]);
    const eventually = (expected: string[]) => expect.poll(shown, { timeout: 15_000 }).toEqual(expected);
    await eventually(['Line 1', 'Line 2']);
    log.push('Line 3');
    await eventually(['Line 1', 'Line 2', 'Line 3']);

    await setVisible(page, false);
    await page.waitForTimeout(100);
    const before = followed.length;
    log.push('Line 4', 'Line 5');
    await page.waitForTimeout(1_500);
    expect([followed.length, (await shown()).length]).toEqual([before, 3]);
    await setVisible(page, true);
    await eventually(['Line 1', 'Line 2', 'Line 3', 'Line 4', 'Line 5']);

    await page.getByRole('button', { name: 'Pause' }).click();
    log.push('Line 6');
    await page.waitForTimeout(700);
    expect((await shown()).length).toBe(5);
    await page.getByRole('button', { name: 'Resume' }).click();
    await eventually(['Line 1', 'Line 2', 'Line 3', 'Line 4', 'Line 5', 'Line 6']);
    await page.getByRole('button', { name: 'Only request req-1' }).first().click();
    await page.waitForURL(/request=req-1/);
  });

  it('retry all jobs that match as they were counted, and chosen ones by their ids', async () => {
    const job = (id: string) => ({
      ...{
        id,
        queue: 'ingest',
        state: 'dead',
        attempt: 3,
        attempts: 3,
        organization: null,
        payload: { document: hostileName },
      },
      ...{ createdAt: '2026-11-01T10:00:00Z', startsAt: null, startedAt: null, endedAt: null, lastError: hostileName },
    });
    const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    const asOf = '2026-11-01T10:00:00.000Z';
    const page = await openPage('/operator', { as: administrator });
    await answer(page, '/api/operator/jobs?*', { jobs: ids.map(job), total: 1243, asOf, next: null });
    const sent: unknown[] = [];
    await page.route('**/api/operator/jobs/retry', (route) => {
      sent.push(route.request().postDataJSON());
      if (sent.length === 1) return refuse(route, 409, 'count-changed', { detail: 'The filter matches 1242 now' });
      return route.fulfill({ json: { done: sent.length === 2 ? 1243 : 2 } });
    });
    await show(page, '/operator/jobs?state=dead');
    await page.getByRole('button', { name: 'Retry all that match: 1,243 jobs' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Retry all that match: 1,243 jobs' });
    await confirm.click();
    await dialog.getByText('The filter matches 1242 now').waitFor();
    await confirm.click();
    await page.getByText('1,243 jobs were changed').waitFor();
    for (const id of ids.slice(0, 2)) await page.getByLabel(`Choose job ${id}`).check();
    await page.getByRole('button', { name: 'Retry chosen: 2 jobs' }).click();
    await dialog.getByRole('button', { name: 'Retry chosen: 2 jobs' }).click();
    await page.getByText('2 jobs were changed').waitFor();
    const all = { state: 'dead', count: 1243, asOf };
    expect(sent).toEqual([all, all, { ids: ids.slice(0, 2) }]);
  });

  it('pause a queue, list the rules and check the books of the platform', async () => {
    const page = await openPage('/operator/queues', { as: administrator });
    await page.getByRole('button', { name: 'Pause notify' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume notify' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause notify' }).waitFor();
    await show(page, '/operator/alerts');
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    await show(page, '/operator/money');
    await page.getByRole('button', { name: 'Check the books' }).click();
    await page.getByText('The books agree.').waitFor();
  });
});

describe.skipIf(noBrowser)('every screen of the console', () => {
  const screens = [
    '',
    'units',
    'units/ask',
    'units/web',
    'logs',
    'queues',
    'jobs',
    'alerts',
    'errors',
    'backups',
    'images',
    'gateway',
    'bots',
    'organizations',
    'plans',
    'plans/demo',
    'prices',
    'money',
  ];

  it.each(['en', 'ru'] as const)(
    'has one heading, fits a phone, and nothing that axe objects to, in %s',
    async (language) => {
      const page = await openPage('/operator', { as: administrator, language, ...PHONE });
      await page.locator('h1').first().waitFor();
      const faults: string[] = [];
      const titles = new Set<string>();
      for (const screen of screens) {
        await show(page, `/operator/${screen}`);
        titles.add(await page.title());
        expect(await page.locator('h1').count(), screen).toBe(1);
        const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        if (Number(content) > Number(width)) faults.push(`${screen}: ${content} > ${width}`);
        faults.push(...(await themeFaults(page, language, screen)));
      }
      expect(faults).toEqual([]);
      expect(titles.size).toBe(screens.length);
    },
  );
});
