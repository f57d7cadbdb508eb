import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectInput } from './collect-input.ts';

const folder = await mkdtempDisposable(join(tmpdir(), 'pandect-plan-'));
const file = async (name: string, text: string) => {
  const path = join(folder.path, name);
  await writeFile(path, text);
  return path;
};
const plan = await file('plan.json', '{ "users": 300, "questions": { "perUserPerDay": 3, "seconds": 9 } }');
const prices = await file('prices.json', '{ "core": 700, "memoryGb": 250 }');
const broken = await file('broken.json', '{ "users": NaN }');
const list = await file('list.json', '[]');

describe('collectInput', () => {
  it('takes options before a file, and a file before what was measured', async () => {
    const measured = { users: 7, organizations: 4, questions: { seconds: 11, cacheShare: 0.5 } };
    const input = await collectInput({ from: plan, prices, modelSeconds: '12', host: '4/16/100' }, measured);
    expect(input).toMatchObject({
      ...{ users: 300, organizations: 4, questions: { perUserPerDay: 3, seconds: 12, cacheShare: 0.5 } },
      ...{ prices: { core: 700, memoryGb: 250, currency: '₽' }, host: { cores: 4, memoryGb: 16, diskGb: 100 } },
    });
  });

  it.each([
    [{ questionsPerUser: '5' }, { perUserPerDay: 5 }],
    [{ questionsPerHour: '40' }, { perHour: 40 }],
    [{ from: plan }, { perUserPerDay: 3 }],
    [
      { from: plan, questionsPerHour: '40', questionsPerUser: '5' },
      { perHour: 40, perUserPerDay: 5 },
    ],
    [
      { from: plan, cacheShare: '0.1', modelSlots: '2' },
      { perUserPerDay: 3, cacheShare: 0.1, slots: 2 },
    ],
    [{}, { perDay: 9, perHour: 2 }],
  ])('has an amount of work from one source alone, the last: %j', async (sources, expected) => {
    const { questions } = await collectInput(sources, { questions: { perDay: 9, perHour: 2 } });
    const { perDay, perHour, perUserPerDay, cacheShare, slots } = questions;
    expect({ perDay, perHour, perUserPerDay, cacheShare, slots }).toEqual({ cacheShare: 0, ...expected });
  });

  it.each([
    [{ users: '-4', cacheShare: '30' }, /^Read plan: --users must be .*, not -4; --cache-share must be .*, not 30$/],
    [{ questionsPerHour: 'many' }, /^Read plan: --questions-per-hour must be a number from 0 to 10000000, not "many"$/],
    [{ imageSeconds: '0' }, /^Read plan: --image-seconds must be a number from 0\.01 to 86400, not 0$/],
    [{ imageSlots: '' }, /^Read plan: --image-slots must be a whole number .*, not ""$/],
    [{ imageSeconds: 'NaN' }, /^Read plan: --image-seconds must be a number from 0\.01 to 86400, not "NaN"$/],
    [{ documents: '1e999' }, /^Read plan: --documents must be a number .*, not "1e999"$/],
    [{ host: '4' }, /^Read plan: --host must be CORES\/MEMORY\/DISK in GB such as 4\/16\/100, not "4"$/],
    [{ host: '4/16/100/2' }, /^Read plan: --host must be CORES/],
    [{ host: '0/0/0' }, /^Read plan: host\.cores must be .*, not 0; host\.memoryGb must be .*, not 0$/],
    [{ swap: '2' }, /^Read plan: host\.cores must be .*, and is missing; host\.memoryGb must be .*, and is missing$/],
    [{ from: 'none.json' }, /^Read plan: --from "none\.json": ENOENT/],
    [{ from: broken }, /^Read plan: --from ".*broken\.json": .*JSON/],
    [{ from: list }, /^Read plan: the plan must be an object$/],
    [{ prices: plan }, /^Read plan: unknown figure "prices\.users"; unknown figure "prices\.questions"$/],
  ])('refuses %j with a sentence', async (sources, expected) => {
    await expect(collectInput(sources)).rejects.toThrow(expected);
  });
});
