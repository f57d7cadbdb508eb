import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { addPerson, confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { accessibilityFaults, noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';
import { type ScriptedAnswers, scriptAnswers } from '../support/web/scripted-answers.ts';

useBrowser();
const platform = await sharedPlatform();

const lease = [
  'LEASE AGREEMENT',
  '1. Term. The lease runs for five years from the first of May.',
  '2. Rent. The monthly rent is 1,200 euros and is paid in advance.',
  '3. Deposit. The deposit is 500 euros and is paid back after thirty days.',
].join('\n\n');

let owner: Account;
beforeAll(async () => {
  if (noBrowser) return;
  owner = await createAccount(platform);
  // The bar that asks for it grows when the column gets narrower, and would move the answers.
  await confirmAddress(platform, owner);
  await owner.add('lease.txt', lease);
});

const field = (page: Page) => page.getByRole('textbox', { name: 'Your question' });
const answers = (page: Page) => page.getByRole('article', { name: 'Answer' });
const ask = async (page: Page, question: string) => {
  await field(page).fill(question);
  await field(page).press('Enter');
};
/** Asks, and waits until the answer is there with its citations. */
async function askForGood(page: Page, question = 'When is the deposit paid back?') {
  await ask(page, question);
  await page.waitForURL('**/c/*');
  await answers(page)
    .last()
    .getByRole('button', { name: /^Citation/ })
    .first()
    .waitFor();
}

describe.skipIf(noBrowser)('a question', () => {
  it('is answered with citations that open the source, on the day and after a reload, while the answer stays where it is', async () => {
    const page = await openPage('/', { as: owner });
    await askForGood(page);
    for (const _ of ['now', 'after a reload']) {
      const citation = answers(page)
        .last()
        .getByRole('button', { name: /^Citation/ })
        .first();
      const before = await answers(page).last().boundingBox();
      await citation.click();
      const source = page.getByRole('complementary').last();
      await source.getByText('The deposit is 500 euros').first().waitFor();
      expect(page.url()).toContain('start=');
      expect((await answers(page).last().boundingBox())?.y).toBe(before?.y);
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => !url.search.includes('doc='));
      await page.reload();
      await answers(page).last().waitFor();
    }
  });

  it('can be asked, and its citations opened and stepped through, by the keyboard alone', async () => {
    const page = await openPage('/', { as: owner });
    await field(page).focus();
    await page.keyboard.type('What are the term and the rent?');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('And the deposit?');
    expect(await field(page).inputValue()).toBe('What are the term and the rent?\nAnd the deposit?');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/c/*');
    const citation = answers(page)
      .last()
      .getByRole('button', { name: /^Citation/ })
      .first();
    await citation.waitFor();
    await citation.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').last().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => citation.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('is answered from the chosen documents alone, in its conversation too', async () => {
    await owner.add('gym.txt', 'GYM RULES\n\n1. Lockers. The deposit for a locker is 20 euros.');
    const page = await openPage('/', { as: owner, ...PHONE });
    await page.getByRole('button', { name: 'Choose documents' }).click();
    const picker = page.getByRole('dialog');
    await picker.getByLabel('Words of the title').fill('gym');
    await picker.getByRole('checkbox', { name: 'lease' }).waitFor({ state: 'detached' });
    await picker.getByRole('checkbox', { name: 'gym' }).check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picker.getByRole('button', { name: 'Done' }).click();
    for (const count of [1, 2]) {
      await askForGood(page, 'How high is the deposit?');
      await expect.poll(() => answers(page).filter({ hasText: '20 euros' }).count(), { timeout: 15_000 }).toBe(count);
    }
    expect(await page.getByText('500 euros').count()).toBe(0);
    await page.getByRole('button', { name: 'Leave out gym' }).click();
    await ask(page, 'How high is the monthly rent?');
    await expect.poll(() => answers(page).filter({ hasText: '1,200 euros' }).count(), { timeout: 15_000 }).toBe(1);
  });

  it('that the documents do not answer looks different', async () => {
    const page = await openPage('/', { as: owner });
    await ask(page, 'Who invented the telephone?');
    await page.getByText('Not in the documents').waitFor();
  });

  it('is kept as a draft over a reload, and is not sent by the Enter of an input method', async () => {
    const page = await openPage('/', { as: owner });
    await field(page).fill('A long question');
    await field(page).evaluate((element) => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }));
    });
    await page.reload();
    expect(await field(page).inputValue()).toBe('A long question');
    expect(await answers(page).count()).toBe(0);
  });

  it.each([
    [
      'daily-questions-used',
      { limit: 20, resetAt: '2030-01-02T00:00:00Z', resetSeconds: 50_000 },
      'All 20 questions of today are used.',
      'Try again',
    ],
    ['too-many-questions-at-once', { limit: 3 }, 'Your plan allows 3 questions at the same time', 'Try again'],
    [
      'tokens-per-minute-used',
      { limit: 9, resetSeconds: 30 },
      'used up its AI tokens of this minute',
      /Try again in \d+ s/,
    ],
  ])('that is refused as %s says so in its own words, and can be edited', async (type, parameters, text, button) => {
    const page = await openPage('/', { as: owner });
    await page.route('**/api/ask', (route) =>
      route.fulfill({
        ...{ status: 429, contentType: 'application/problem+json' },
        json: { type: `urn:pandect:problem:${type}`, title: '', status: 429, detail: '', ...parameters },
      }),
    );
    await ask(page, 'How high is the deposit?');
    await page.getByRole('alert').getByText(text).waitFor();
    await page.getByRole('button', { name: button }).waitFor();
    await page.getByRole('button', { name: 'Edit the question' }).click();
    expect(await field(page).inputValue()).toBe('How high is the deposit?');
  });
});

describe.skipIf(noBrowser)('an answer that is coming', () => {
  const passages = [1, 2, 3].map((number) => ({
    ...{ number, documentId: crypto.randomUUID(), title: 'Lease', page: null, start: 0, end: 60 },
    text: 'The deposit is 500 euros and is paid back after thirty days.',
  }));
  const id = crypto.randomUUID();
  const words = (count: number) => Array.from({ length: count }, (_, n) => `word${n}`).join(' ');
  const done = (answer: string, changes = {}) => ({
    ...{ answer, citations: [], sources: [], answered: true, incomplete: false, model: 'm', cached: false },
    ...{ usage: { promptTokens: 1, completionTokens: 1, cachedTokens: 0 }, conversationId: id, metadata: {} },
    ...changes,
  });
  const stored = (question: string, content: string, changes = {}) => {
    const at = '2026-01-01T00:00:00Z';
    const message = { answered: null, incomplete: false, citations: [], model: null, createdAt: at };
    return {
      ...{ id, title: question, owner: { userId: crypto.randomUUID(), email: 'a@b.example' }, isOwn: true },
      ...{ sharedAt: null, readers: [], createdAt: at, updatedAt: at, earlierCursor: null, sources: [] },
      messages: [
        { ...message, id: crypto.randomUUID(), role: 'user', content: question },
        { ...message, id: crypto.randomUUID(), role: 'assistant', content, answered: true, ...changes },
      ],
    };
  };
  async function scene(options = {}): Promise<{ page: Page; script: ScriptedAnswers }> {
    const script = await scriptAnswers(platform.url);
    onTestFinished(() => script.close());
    return { script, page: await openPage('/', { as: owner, baseURL: script.url, ...options }) };
  }

  it('shows passages, then its first word at once in their room, and is read out once as a whole', async () => {
    const { page, script } = await scene();
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    stream.send('passages', { passages });
    await page.getByText('Reading these passages').waitFor();
    const article = answers(page).last();
    const before = await article.boundingBox();
    expect(await article.getAttribute('aria-busy')).toBe('true');
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(window, { spoken });
      const status = document.querySelector('main [role=status]');
      new MutationObserver(() => spoken.push(status?.textContent ?? '')).observe(status as Element, {
        ...{ childList: true, characterData: true, subtree: true },
      });
    });
    const sentAt = Date.now();
    stream.send('delta', { text: 'The **deposit** ' });
    await article.getByText('deposit', { exact: true }).waitFor();
    const shownAfter = Date.now() - sentAt;
    expect((await article.boundingBox())?.height).toBeGreaterThanOrEqual(Math.floor(before?.height ?? 0));
    stream.send('delta', { text: 'is 500 euros [1].' });
    script.put(`/api/conversations/${id}`, stored('How high is the deposit?', 'The deposit is 500 euros.'));
    stream.send('done', done('The deposit is 500 euros.'));
    await page.waitForURL(`**/c/${id}`);
    const status = page.locator('main [role=status]').first();
    await expect.poll(() => status.textContent()).toBe('The deposit is 500 euros.');
    expect(
      await page.evaluate(
        () => (window as unknown as { spoken: string[] }).spoken.filter((text) => text.includes('500')).length,
      ),
    ).toBeLessThanOrEqual(1);
    expect(shownAfter).toBeLessThan(5_000);
  });

  it('leaves a reader who has scrolled up alone, and leads back to the end', async () => {
    const { page, script } = await scene();
    await ask(page, 'Tell me all');
    const stream = await script.next();
    stream.send('passages', { passages });
    for (let part = 0; part < 40; part += 1) stream.send('delta', { text: `${words(60)}\n\n` });
    const place = () =>
      page.evaluate(
        () => [window.scrollY, document.documentElement.scrollHeight - window.innerHeight - window.scrollY] as const,
      );
    await expect.poll(async () => (await place())[0]).toBeGreaterThan(500);
    await expect.poll(async () => (await place())[1]).toBeLessThan(100);
    await page.mouse.move(600, 300);
    await page.mouse.wheel(0, -400);
    await page.getByRole('button', { name: 'To the end' }).waitFor();
    const [before] = await place();
    for (let part = 0; part < 10; part += 1) stream.send('delta', { text: `${words(60)}\n\n` });
    stream.send('delta', { text: 'the last words' });
    await page.getByText('the last words').waitFor();
    expect((await place())[0]).toBe(before);
    await page.getByRole('button', { name: 'To the end' }).click();
    stream.send('delta', { text: `\n\n${words(200)}` });
    await expect.poll(async () => (await place())[1]).toBeLessThan(100);
  });

  it('says what could not be read of the documents that it cites, as it comes and when it is read again', async () => {
    const { page, script } = await scene();
    const documentId = crypto.randomUUID();
    const citation = { documentId, title: 'lease', page: 1, start: 0, end: 11, quote: 'The deposit' };
    const notice = { kind: 'picture-not-read', page: 2, detail: null, message: 'The picture on page 2 was not read' };
    const sources = [
      { documentId, title: 'lease', notices: [notice], noticesOmitted: 3 },
      { documentId: crypto.randomUUID(), title: 'not cited', notices: [notice], noticesOmitted: 0 },
    ];
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    const said = { citations: [citation] };
    script.put(`/api/conversations/${id}`, {
      ...stored('How high is the deposit?', 'The deposit is 500 euros. [1]', said),
      sources,
    });
    stream.send('done', done('The deposit is 500 euros. [1]', { ...said, sources }));
    for (const _ of ['at once', 'after a reload']) {
      const unread = answers(page).last().getByRole('group');
      await unread.getByText('Not everything in the cited documents could be read').click();
      await unread.getByText('The picture on page 2 was not read').waitFor();
      await unread.getByText('and 3 more').waitFor();
      expect(await unread.getByText('not cited').count()).toBe(0);
      await page.reload();
    }
  });

  it('is stopped by Escape within 300 ms; what came of it is kept and called incomplete', async () => {
    const { page, script } = await scene();
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    stream.send('delta', { text: 'The deposit is' });
    await page.getByText('The deposit is').waitFor();
    // The clock of the page moves only as far as the test lets it: the load of the machine does not count.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Stopping…' }).waitFor();
    await expect.poll(() => script.stopped).toEqual([stream.key]);
    script.put(
      `/api/conversations/${id}`,
      stored('How high is the deposit?', 'The deposit is', { incomplete: true, answered: false }),
    );
    stream.send('done', done('The deposit is', { incomplete: true, answered: false }));
    let passedMs = 0;
    const isShown = async () => {
      if (passedMs < 300) await page.clock.runFor(10);
      passedMs += 10;
      return page.getByText('the answer is incomplete').isVisible();
    };
    await expect.poll(isShown, { timeout: 15_000 }).toBe(true);
    await page.clock.resume();
    expect(await page.getByText('Not in the documents').count()).toBe(0);
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
  });

  it('that was stopped before its first word gives the question back', async () => {
    const { page, script } = await scene();
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    stream.send('passages', { passages });
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => script.stopped).toEqual([stream.key]);
    stream.send('error', { type: 'urn:pandect:problem:answer-stopped', title: '', status: 409, detail: '' });
    await page.getByText('The question does not count').waitFor();
    expect(await field(page).inputValue()).toBe('How high is the deposit?');
  });

  it('continues after a reload, under the same key', async () => {
    const { page, script } = await scene();
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    stream.send('delta', { text: 'The deposit' });
    await page.getByText('The deposit', { exact: true }).waitFor();
    await page.reload();
    const again = await script.next();
    expect([again.key, again.question]).toEqual([stream.key, 'How high is the deposit?']);
    again.send('delta', { text: 'The deposit is 500' });
    await page.getByText('The deposit is 500').waitFor();
  });

  it('survives a lost connection without a repeated word', async () => {
    const { page, script } = await scene();
    await ask(page, 'How high is the deposit?');
    const stream = await script.next();
    stream.send('delta', { text: 'The deposit' });
    await page.getByText('The deposit', { exact: true }).waitFor();
    stream.cut();
    const again = await script.next();
    again.send('delta', { text: 'The deposit is 500' });
    await page.getByText('The deposit is 500', { exact: true }).waitFor();
  });
});

describe.skipIf(noBrowser)('conversations', () => {
  const list = (page: Page) => page.getByRole('region', { name: 'Conversations' }).first();

  it('are found, renamed, deleted and brought back in the list', async () => {
    const person = await createAccount(platform);
    await person.add('lease.txt', `${lease}\n\n${crypto.randomUUID()}`);
    await person.ask('How high is the deposit?');
    await person.ask('How high is the rent?');
    const page = await openPage('/', { as: person });
    await list(page).getByRole('link', { name: 'How high is the rent?' }).waitFor();
    await list(page).getByRole('searchbox').fill('deposits');
    await list(page).getByRole('link', { name: 'How high is the rent?' }).waitFor({ state: 'detached' });
    await list(page)
      .getByRole('link', { name: /deposit/ })
      .waitFor();
    await list(page).getByRole('searchbox').fill('');

    await list(page).getByRole('button', { name: 'Actions for “How high is the rent?”' }).click();
    await page.getByRole('button', { name: 'Rename' }).first().click();
    await page.getByLabel('Title').fill('Rent <b>');
    await page.getByRole('button', { name: 'Save' }).click();
    await list(page).getByRole('link', { name: 'Rent <b>' }).waitFor();

    await list(page).getByRole('button', { name: 'Actions for “Rent <b>”' }).click();
    await page.getByRole('button', { name: 'Delete' }).first().click();
    await list(page).getByRole('link', { name: 'Rent <b>' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await list(page).getByRole('link', { name: 'Rent <b>' }).waitFor();
    expect((await person.get<{ items: unknown[] }>('GET /api/conversations')).items).toHaveLength(2);
  });

  it('are shared with chosen colleagues, of whom one leaves, with all, and no longer, and are exported', async () => {
    const [colleague, other] = [await addPerson(platform, owner, 'viewer'), await addPerson(platform, owner, 'member')];
    const { conversationId } = await owner.ask('How high is the deposit?');
    const statuses = () =>
      Promise.all(
        [colleague, other].map(async ({ token }) => {
          const headers = { authorization: `Bearer ${token}` };
          return (await send(platform.url, `GET /api/conversations/${conversationId}`, { headers })).status;
        }),
      );
    const page = await openPage(`/c/${conversationId}`, { as: owner });
    const save = async () => {
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved.').waitFor();
    };
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('radio', { name: 'Chosen members' }).check();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: colleague.email }).check();
    expect(await page.getByRole('checkbox', { name: owner.email }).count()).toBe(0);
    await save();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await statuses()).toEqual([200, 404]);

    // Somebody chosen leaves before it is saved: named, left out, and everybody else may read it.
    const leaving = await addPerson(platform, owner, 'member');
    await page.reload();
    await page.getByRole('button', { name: 'Shared', exact: true }).click();
    await page.getByRole('checkbox', { name: other.email }).check();
    await page.getByRole('checkbox', { name: leaving.email }).check();
    expect((await owner.send(`DELETE /api/organization/members/${leaving.userId}`)).status).toBe(204);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText(`left out: ${leaving.email}`).waitFor();
    expect(await page.getByRole('checkbox', { name: leaving.email }).count()).toBe(0);
    expect(await page.getByRole('checkbox', { name: other.email }).isChecked()).toBe(true);
    expect(await statuses()).toEqual([200, 404]);
    await save();
    expect(await statuses()).toEqual([200, 200]);
    expect(await page.getByText(`left out: ${leaving.email}`).count()).toBe(0);

    await page.getByRole('checkbox', { name: other.email }).uncheck();
    await save();
    await page.getByRole('radio', { name: 'All members of your organization' }).check();
    await save();
    expect(await statuses()).toEqual([200, 200]);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Shared', exact: true }).waitFor();

    await page.getByRole('button', { name: 'Export' }).click();
    for (const [format, end] of [
      ['docx', '.docx'],
      ['pdf', '.pdf'],
    ] as const) {
      if (format === 'pdf') await page.getByRole('button', { name: 'Export' }).click();
      await page.getByLabel('Format').selectOption(format);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`How high is the deposit${end}`);
    }

    await page.getByRole('button', { name: 'Shared', exact: true }).click();
    await page.getByRole('radio', { name: 'Only you' }).check();
    await save();
    expect(await statuses()).toEqual([404, 404]);
  });

  it.each([
    { language: 'en', theme: 'light' },
    { language: 'ru', theme: 'dark' },
  ] as const)('have nothing that axe objects to, in $language and $theme, also on a phone', async (look) => {
    const { conversationId } = await owner.ask('How high is the deposit?');
    for (const size of [{}, PHONE]) {
      const page = await openPage(`/c/${conversationId}`, { as: owner, ...look, ...size });
      await answers(page)
        .or(page.getByRole('article', { name: 'Ответ' }))
        .last()
        .waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(Number(content)).toBeLessThanOrEqual(Number(screen));
    }
  });
});
