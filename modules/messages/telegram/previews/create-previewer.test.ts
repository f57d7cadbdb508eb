import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramServer, type TelegramServer } from '../../../../platform/testing/telegram-server.ts';
import { createTelegramClient } from '../client/telegram-client.ts';
import { plain } from '../text/rich-text.ts';
import { createPreviewer, type PreviewOptions } from './create-previewer.ts';

let server: TelegramServer;
let token: string;
beforeEach(async () => {
  server = await startTelegramServer();
  ({ token } = server.addBot());
});
afterEach(() => server.close());

const preview = (chatId: number, options: Partial<PreviewOptions> = {}) =>
  createPreviewer({
    client: createTelegramClient({ baseUrl: server.url, token, outbound: fetch }),
    ...{ chatId: String(chatId), draftId: 1, signal: new AbortController().signal, draftMs: 20, editMs: 20 },
    ...options,
  });
const person = () => {
  const anna = server.user('Anna');
  anna.send('/start');
  return anna;
};

describe('a preview', () => {
  it('is a draft that grows, whose newest text is shown at its pace', async () => {
    const anna = person();
    const shown = preview(anna.id, { draftMs: 100 });
    for (let n = 1; n <= 50; n++) {
      shown.show(plain('a'.repeat(n)));
      await sleep(5);
    }
    await expect.poll(() => anna.draft()).toBe('a'.repeat(50));
    await shown.close();
    expect(server.calls.length).toBeLessThan(10);
    expect(anna.messages()).toEqual([]);
  });

  it('shows the end of what is longer than a message', async () => {
    const anna = person();
    const shown = preview(anna.id);
    shown.show(plain(`${'a'.repeat(4096)} b`));
    await expect.poll(() => anna.draft()).toBe('b');
    await shown.close();
  });

  it('keeps a pause, tells of it, and shows the newest text once afterwards (case 46)', async () => {
    const anna = person();
    server.flood(1, anna.id);
    const pauses: number[] = [];
    const shown = preview(anna.id, { onPause: (seconds) => pauses.push(seconds) });
    for (let n = 1; n <= 20; n++) {
      shown.show(plain(String(n)));
      await sleep(20);
    }
    expect([server.calls.length, pauses]).toEqual([1, [1]]);
    await expect.poll(() => anna.draft(), { timeout: 3_000 }).toBe('20');
    await shown.close();
    expect(server.calls).toHaveLength(2);
  });

  it('is a message that is edited and removed where there are no drafts', async () => {
    const group = server.addGroup('Lawyers');
    const inGroup = server.user('Anna', { group });
    const shown = preview(group);
    shown.show(plain('one'));
    await inGroup.waitFor('one');
    shown.show(plain('two'));
    await inGroup.waitFor('two');
    expect(inGroup.messages()).toHaveLength(1);
    await shown.close();
    expect(inGroup.messages()).toEqual([]);
  });

  it('fails for nothing and ends for a chat that is blocked', async () => {
    const anna = person();
    anna.block();
    const shown = preview(anna.id);
    for (let n = 1; n <= 5; n++) {
      shown.show(plain(String(n)));
      await sleep(30);
    }
    await shown.close();
    expect(server.calls).toHaveLength(1);
  });
});
