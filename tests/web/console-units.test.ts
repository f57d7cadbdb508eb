import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryRow, ReleaseRow } from '../../platform/supervisor/control/contract.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask, rowsOf } from '../support/control.ts';
import { addEchoFunction, type Echo, type EchoFunction } from '../support/echo-function.ts';
import { callEcho } from '../support/echo-visits.ts';
import { send } from '../support/http/client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';
import { heading } from '../support/web/console-page.ts';

useBrowser();

let copy: CheckoutCopy;
let platform: TestPlatform;
let tried: EchoFunction;
let administrator: { email: string; password: string };

beforeAll(async () => {
  if (noBrowser) return;
  copy = await copyCheckout({ units: ['auth', 'console'], site: true });
  tried = await addEchoFunction(copy, 'tried', { instances: { min: 1, max: 3 } });
  platform = await startTestPlatform({ root: copy.root });
  const made = await ask(platform, 'POST', '/operator/admin/create', { email: 'olga@example.org', account: null });
  administrator = JSON.parse(made);
  await wakeConsole();
});
afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

/** The functions behind the console sleep until they are asked, and start slowly on a busy machine. */
async function wakeConsole(): Promise<void> {
  const { email, password } = administrator;
  const signedIn = await send(platform.url, 'POST /api/auth/login', { json: { email, password } });
  const headers = { authorization: `Bearer ${(await signedIn.json()).accessToken}` };
  await until('the console', async () => {
    const { status } = await send(platform.url, 'GET /api/operator/units/tried', { headers });
    return status === 200 ? true : undefined;
  });
}

const open = async (): Promise<Page> => {
  const page = await openPage('/operator/units/tried', { as: administrator, origin: platform.url, language: 'en' });
  await heading(page, 'tried');
  return page;
};
const stepsIn = (page: Page) => page.getByRole('region', { name: 'Change of tried' });

/** Presses a button and the one of its dialog, and waits for the end of the change. @returns the steps that the page shows */
async function make(
  page: Page,
  name: string | RegExp,
  confirm: string,
  end = 'The change is done.',
): Promise<string[]> {
  await page.getByRole('button', { name }).click();
  await confirmed(page, confirm);
  return ended(page, end);
}
const confirmed = (page: Page, confirm: string) =>
  page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click();
async function ended(page: Page, end = 'The change is done.'): Promise<string[]> {
  const steps = stepsIn(page);
  await steps.getByText(end).waitFor({ timeout: 60_000 });
  const shown = await steps.getByRole('listitem').allTextContents();
  await steps.getByRole('button', { name: 'Hide' }).click();
  return shown;
}
/** Says in which order steps are to be shown; some come between them. */
const inOrder = (...names: string[]) => expect.stringMatching(new RegExp(`^${names.join(' [\\s\\S]*\\n')} `));

/** What the control socket says: states of processes, the release that serves, and what answers. */
async function standing() {
  const releases = JSON.parse(await ask(platform, 'GET', '/releases/tried')) as ReleaseRow[];
  return {
    processes: (await rowsOf(platform, 'tried')).map(({ state }) => state).toSorted(),
    releases: Object.fromEntries(releases.map(({ release, state }) => [release, state])),
    deployedBy: Object.fromEntries(releases.map(({ release, deployedBy }) => [release, deployedBy])),
    version: (await callEcho(platform, tried)).version,
  };
}
const inState = (releases: Record<string, string>, state: string): string =>
  Object.entries(releases).find(([, each]) => each === state)?.[0] as string;
const short = (release: string) => release.slice(0, 12);
const lastChange = async () => (JSON.parse(await ask(platform, 'GET', '/history/tried')) as HistoryRow[])[0];
const processesAre = (...states: string[]) =>
  until(`processes ${states}`, async () =>
    JSON.stringify((await standing()).processes) === JSON.stringify(states) ? true : undefined,
  );
/** A release as the table of the page has it. */
const rowOf = (page: Page, release: string) =>
  page
    .getByRole('table', { name: 'Releases' })
    .getByRole('row')
    .filter({ hasText: short(release) });

describe.skipIf(noBrowser)('in the console of a running platform', () => {
  it('a unit gets as many processes as are asked for, until the load decides again', async () => {
    const page = await open();
    const scale = async (instances: string, end?: string) => {
      await page.getByRole('button', { name: 'Change tried' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('What').selectOption('scale');
      await dialog.getByLabel('Processes').fill(instances);
      await confirmed(page, 'Begin');
      return ended(page, end);
    };
    expect(await scale('2')).toEqual([expect.stringMatching(/^done .*2 processes$/)]);
    await processesAre('ready', 'ready');
    await page.getByText('2 of 2 wanted, 1 to 3 allowed; fixed at 2').waitFor();
    const refused = await scale('9', 'The change failed.');
    expect(refused).toEqual([expect.stringContaining('its manifest allows 1 to 3')]);
    expect(await scale('1')).toEqual([expect.stringMatching(/^done .*1 process$/)]);
    await processesAre('ready');
    expect(await scale('')).toEqual([expect.stringMatching(/^done .*by load$/)]);
    await page.getByText('by load').first().waitFor();
  });

  it('a canary that does not start changes nothing, and one that does is aborted', async () => {
    const page = await open();
    const { releases } = await standing();
    const live = inState(releases, 'serving');
    await rowOf(page, live).getByText('start of the platform').waitFor();
    await tried.write({ version: 'broken', code: "throw new Error('broken on purpose');" });
    await make(page, 'Start a canary of tried', 'Start a canary', 'The change failed.');
    await page.getByRole('heading', { name: 'The last change failed' }).waitFor();
    await page.getByText('broken on purpose').first().waitFor();
    expect(await standing()).toMatchObject({ releases: { [live]: 'serving' }, version: 'version 0' });

    await tried.write({ version: 'canary' });
    await page.getByRole('slider').fill('30');
    const steps = await make(page, 'Start a canary of tried', 'Start a canary');
    expect(steps.join('\n')).toEqual(inOrder('built', 'started', 'canary'));
    const trial = await standing();
    const canary = inState(trial.releases, 'canary');
    expect(trial).toMatchObject({
      ...{ processes: ['canary', 'ready'], releases: { [live]: 'serving', [canary]: 'canary' } },
      deployedBy: { [canary]: administrator.email },
    });
    await page.getByText(`Release ${short(canary)} gets 30 % of callers.`).waitFor();
    await rowOf(page, canary).getByText(administrator.email).waitFor();
    await page.getByRole('slider').fill('100');
    await make(page, `Change the share: the canary of tried gets 100 % of callers`, 'Change the share');
    await until('all callers on the canary', async () =>
      (await callEcho(platform, tried)).version === 'canary' ? true : undefined,
    );
    expect(await make(page, 'Abort the canary of tried', 'Abort')).toEqual([
      expect.stringMatching(/^done .*the canary gets no more callers$/),
    ]);
    await processesAre('ready');
    expect(await standing()).toMatchObject({ releases: { [live]: 'serving' }, version: 'version 0' });
    await page.getByRole('button', { name: 'Start a canary of tried' }).waitFor();
  });

  it('a canary is promoted, and rolled back from there to where it came from', async () => {
    const page = await open();
    await tried.write({ version: 'canary' });
    await make(page, 'Start a canary of tried', 'Start a canary');
    const { releases } = await standing();
    const [live, canary] = [inState(releases, 'serving'), inState(releases, 'canary')];
    const promoted = `Promote the canary of tried: from ${short(live)} to ${short(canary)}`;
    expect((await make(page, promoted, 'Promote')).join('\n')).toEqual(inOrder('switched to', 'watched', 'done'));
    expect(await standing()).toMatchObject({ releases: { [canary]: 'serving', [live]: 'kept' }, version: 'canary' });
    expect(await lastChange()).toMatchObject({ action: 'promote', by: administrator.email, outcome: 'done' });
    await rowOf(page, live)
      .getByText(`live is ${short(canary)}`)
      .waitFor();

    const back = `Roll back tried from ${short(canary)} to ${short(live)}`;
    expect((await make(page, back, 'Roll back')).join('\n')).toEqual(inOrder('started', 'switched to', 'done'));
    expect(await standing()).toMatchObject({
      ...{ releases: { [canary]: 'kept', [live]: 'serving' }, version: 'version 0' },
      deployedBy: { [canary]: administrator.email, [live]: administrator.email },
    });
    expect(await lastChange()).toMatchObject({ action: 'rollback', release: live, by: administrator.email });
    await page.getByRole('table', { name: 'History' }).getByRole('row').filter({ hasText: 'rolled back' }).waitFor();
  });

  it('a kept release is seen at an address of its own, until its preview is ended', async () => {
    const page = await open();
    const { releases } = await standing();
    const kept = inState(releases, 'kept');
    expect(await make(page, `Preview ${short(kept)} of tried`, 'Preview')).toContainEqual(
      expect.stringMatching(/^preview /),
    );
    const link = page.getByRole('link', { name: `Open /_preview/tried/${kept}${tried.path}` });
    const address = new URL((await link.getAttribute('href')) ?? '', platform.url);
    const seen = (await (await fetch(address)).json()) as Echo;
    expect([seen.version, (await callEcho(platform, tried)).version]).toEqual(['canary', 'version 0']);
    expect((await standing()).processes).toEqual(['preview', 'ready']);
    await make(page, `End preview of ${short(kept)}`, 'End preview');
    expect((await fetch(address)).status).toBe(404);
    await processesAre('ready');
    await link.waitFor({ state: 'detached' });
  });
});
