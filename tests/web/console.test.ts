import type { Locator, Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { makeAdministrator } from '../support/people.ts';
import { pandect } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';
import { answer, heading, reach, refuse, serveLog, setVisible, show } from '../support/web/console-page.ts';

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
    type Answer = (route: Route) => Promise<void>;
    let answer: Answer = (route) => route.continue();
    let asked = 0;
    await page.route('**/api/admin/prices', (route) => {
      asked += 1;
      return answer(route);
    });
    const failures: [Answer, RegExp][] = [
      [(route) => refuse(route, 500, 'internal'), /It is internal/],
      [(route) => refuse(route, 429, 'rate-limited'), /It is rate-limited/],
      [(route) => refuse(route, 503, 'unavailable'), /It is unavailable/],
      [
        (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<html>' }),
        /No connection to the server/,
      ],
      [(route) => route.abort('connectionreset'), /No connection to the server/],
    ];
    const again = page.getByRole('button', { name: 'Try again' });
    for (const [failure, text] of failures) {
      answer = failure;
      const before = asked;
      await (before === 0 ? show(page, '/operator/prices') : again.click());
      // Each is asked for twice before it is shown, and only by then the one before, which may read alike, is surely gone.
      await expect.poll(() => asked, { timeout: 10_000 }).toBe(before + 2);
      await page.getByRole('alert').filter({ hasText: text }).waitFor();
    }
    answer = (route) => route.continue();
    await again.click();
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
  it('are restarted from their list by keyboard alone, with each step as it happens', async () => {
    const page = await openPage('/operator', { as: administrator });
    const press = async (target: Locator) => {
      await target.waitFor();
      await reach(page, target);
      await page.keyboard.press('Enter');
    };
    await page.getByRole('link', { name: 'Units that serve' }).waitFor();
    await press(page.getByRole('link', { name: 'Skip to the content' }));
    await press(page.getByRole('link', { name: 'Units that serve' }));
    await heading(page, 'Units');
    const change = page.getByRole('button', { name: 'Change health' });
    const dialog = page.getByRole('dialog', { name: 'Change health' });
    await press(change);
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await change.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await reach(page, dialog.getByLabel('What'));
    await page.keyboard.type('Restart');
    await press(dialog.getByRole('button', { name: 'Begin' }));
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
    await page.clock.install();
    const { log, followed } = await serveLog(page);
    await show(page, '/operator/logs?level=info');
    const rows = page.getByRole('log').getByRole('listitem');
    const shown = async () => (await rows.allTextContents()).map((text) => /Line \d+/.exec(text)?.[0]);
    const eventually = (expected: string[]) => expect.poll(shown, { timeout: 15_000 }).toEqual(expected);
    await eventually(['Line 1', 'Line 2']);
    log.push('Line 3');
    await eventually(['Line 1', 'Line 2', 'Line 3']);

    // Five minutes without the tab: the page would have connected again many times.
    await setVisible(page, false);
    await page.waitForTimeout(100);
    const before = followed.length;
    const expected = ['Line 1', 'Line 2', 'Line 3'];
    const write = (text: string) => {
      log.push(text);
      expected.push(text);
    };
    for (let minute = 1; minute <= 5; minute++) {
      write(`Line ${minute * 10}`);
      await page.clock.runFor(60_000);
      write(`Line ${minute * 10 + 1}`);
    }
    expect([followed.length, (await shown()).length]).toEqual([before, 3]);
    await setVisible(page, true);
    await eventually(expected);
    expect(followed[before]).toBe('3');
    write('Line 60');
    await eventually(expected);

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(100);
    const paused = followed.length;
    const frozen = [...expected];
    write('Line 61');
    await page.clock.runFor(60_000);
    await setVisible(page, false);
    write('Line 62');
    await page.clock.runFor(60_000);
    // A tab that is shown again stays paused.
    await setVisible(page, true);
    await page.clock.runFor(60_000);
    expect([followed.length, await shown()]).toEqual([paused, frozen]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await eventually(expected);
    expect(followed[paused]).toBe(String(frozen.length));
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

describe.skipIf(noBrowser)('changes of what the platform runs on', () => {
  it('silence an alert, reset a breaker, cancel an image and make a backup', async () => {
    const page = await openPage('/operator', { as: administrator });
    const act = async (name: string, confirm: string) => {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog', { name }).getByRole('button', { name: confirm, exact: true }).click();
    };
    const alert = {
      ...{ rule: 'UnitDown', severity: 'critical', state: 'firing', labels: { unit: 'ask' }, isSilenced: false },
      ...{ sentence: '"ask" has no process', value: 0, since: '2026-11-01T10:00:00Z', command: 'pandect logs ask' },
      ...{ help: 'docs/alerts.md#unitdown', screen: '/units/ask' },
    };
    // Silences are the platform's own.
    await page.route('**/api/operator/alerts', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), alerts: [alert] } });
    });
    await show(page, '/operator/alerts');
    await page.getByRole('button', { name: 'Silence UnitDown' }).click();
    const silence = page.getByRole('dialog', { name: 'Silence UnitDown' });
    await silence.getByLabel('For').selectOption({ label: 'four hours' });
    await silence.getByLabel('About').selectOption('ask');
    await silence.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByRole('table', { name: 'Silences' }).getByRole('cell', { name: 'ask', exact: true }).waitFor();
    await act('End the silence of UnitDown', 'End');
    await page.getByRole('table', { name: 'Silences' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'What to do at UnitDown' }).click();
    await heading(page, 'UnitDown');
    await page.getByRole('listitem').filter({ hasText: 'pandect rollback <unit>' }).waitFor();
    await page.getByRole('link', { name: 'To the cause' }).click();
    await heading(page, 'ask');

    const [route] = await administrator.get<{ targets: { target: string }[] }[]>('GET /api/operator/gateway/routes');
    const target = route?.targets[0]?.target ?? '';
    const breaker = { target, state: 'open', failures: 5, until: '2026-11-01T10:00:00Z' };
    await page.route('**/api/operator/gateway/breakers', (each) =>
      each.request().method() === 'GET' ? each.fulfill({ json: [breaker] }) : each.continue(),
    );
    await show(page, '/operator/gateway');
    const reset = page.waitForResponse((response) => response.request().method() === 'POST');
    await act(`Close the breaker of ${target}`, 'Close');
    const answered = await reset;
    expect([answered.status(), answered.request().postDataJSON()]).toEqual([200, { target, state: 'closed' }]);

    const id = crypto.randomUUID();
    const image = {
      ...{ id, organizationId: crypto.randomUUID(), status: 'running', reason: null, model: 'm', provider: 'p' },
      ...{ width: 64, height: 64, count: 1, units: 1, attempts: 1, maybeCharged: false, late: false },
      ...{ createdAt: '2026-11-01T10:00:00Z', submittedAt: null, startedAt: null, endedAt: null, cancelAskedAt: null },
    };
    let images = [image];
    await page.route('**/api/operator/images', (each) => each.fulfill({ json: images }));
    await page.route(`**/api/operator/images/${id}/cancel`, (each) => {
      images = [{ ...image, status: 'cancelled' }];
      return each.fulfill({ json: images[0] as object });
    });
    await show(page, '/operator/images');
    await act(`Cancel job ${id}`, 'Cancel the job');
    await page.getByRole('cell', { name: 'cancelled' }).waitFor();

    const backups = await administrator.get<object>('GET /api/operator/backups');
    await answer(page, '/api/operator/backups', { ...backups, state: 'ok' });
    await show(page, '/operator/backups');
    const change = { id: crypto.randomUUID(), unit: '', action: 'backup', by: administrator.email, ok: null };
    await page.route('**/api/operator/backups', (each) =>
      each.request().method() === 'POST'
        ? each.fulfill({ status: 202, json: { ...change, startedAt: '2026-11-01T10:00:00Z' } })
        : each.fallback(),
    );
    const step = 'id: 1\nevent: change\ndata: {"unit":"","step":"start","message":"Copying the database"}\n\n';
    await page.route(`**/api/operator/changes/${change.id}/events`, (each) =>
      each.fulfill({ contentType: 'text/event-stream', body: `${step}event: end\ndata: {"ok":true}\n\n` }),
    );
    await act('Make a backup', 'Make a backup');
    await page.getByText('Copying the database').waitFor();
    await page.getByText('The change is done.').waitFor();
  });

  it('change a plan and set a price, each for a reason', async () => {
    const page = await openPage('/operator/plans/demo', { as: administrator });
    const name = page.getByLabel('English name');
    await name.waitFor();
    const sent: unknown[] = [];
    // Other tests read the plan of the platform.
    let plan = await administrator.get<object>('GET /api/admin/plans/demo');
    await page.route('**/api/admin/plans/demo', async (route) => {
      if (route.request().method() === 'PUT') {
        const { reason, ...changed } = route.request().postDataJSON();
        sent.push({ reason, ...changed });
        plan = { ...plan, ...changed };
      }
      await route.fulfill({ json: plan });
    });
    await name.fill('Trial');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(sent).toEqual([]);
    await page.getByLabel('Reason').fill('Renamed by decision 7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(sent).toMatchObject([{ nameEn: 'Trial', reason: 'Renamed by decision 7' }]);
    expect(await name.inputValue()).toBe('Trial');
    expect(await page.getByLabel('Reason').inputValue()).toBe('');

    const model = `model-${crypto.randomUUID()}`;
    await show(page, '/operator/prices');
    await page.getByRole('button', { name: 'Add a price' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a price' });
    for (const [label, text] of [
      ['Model', model],
      ['Prompt', '12,5'],
      ['Completion', '50'],
      ['Cached prompt', '1.25'],
      ['Reason', 'The list of November'],
    ] as const) {
      await dialog.getByLabel(label, { exact: true }).fill(text);
    }
    await dialog.getByRole('button', { name: 'Add the price' }).click();
    const row = page.getByRole('row').filter({ hasText: model });
    await row.getByText('in force').waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(expect.arrayContaining(['12.50', '50.00', '1.25']));
  });
});
