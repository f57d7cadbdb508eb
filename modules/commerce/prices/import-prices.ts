import { desc, lte } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { modelPrices } from '../../../db/schema/commerce/model-prices.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { readDecimal } from './decimal.ts';
import { type PriceRow, readPublicPrice } from './public-price.ts';

export interface PriceImport {
  /** A decimal such as `92.5`. */
  roublesPerDollar: string;
  /** Names of the models to take; all without. */
  only?: readonly string[] | undefined;
  validFrom: Date;
  /** Reports what would be done. */
  dryRun?: boolean | undefined;
}

export interface ImportReport {
  /** In roubles, for a million tokens or one thing. */
  taken: { model: string; rows: PriceRow[]; ignored: string[] }[];
  leftOut: { model: string; why: string }[];
}

const nameForm = /^[\w.:/*@+-]{1,200}$/;
/** The list's own example. */
const EXAMPLE = 'sample_spec';
const TOGETHER = 500;

/**
 * Sets prices from the public list of the field, whose prices are in dollars for one token.
 * @param list parsed `model_prices_and_context_window.json`
 * @throws Refused for a rate that is no number above zero
 */
export async function importPrices(
  database: Database,
  list: Readonly<Record<string, unknown>>,
  { roublesPerDollar, only, validFrom, dryRun = false }: PriceImport,
): Promise<ImportReport> {
  const rate = readDecimal(roublesPerDollar);
  if (!rate || rate.digits === 0n) {
    throw new Refused('malformed', `Import prices at rate "${roublesPerDollar}": not a number above zero`);
  }
  const report: ImportReport = { taken: [], leftOut: [] };
  const leaveOut = (model: string, why: string) => void report.leftOut.push({ model, why });
  for (const model of only ?? []) if (!Object.hasOwn(list, model)) leaveOut(model, 'is not in the list');
  await database.transaction(async (tx) => {
    const current = await currentPrices(tx, validFrom);
    for (const [model, entry] of Object.entries(list)) {
      if (model === EXAMPLE || (only && !only.includes(model))) continue;
      const read = nameForm.test(model) && isRecord(entry) ? readPublicPrice(entry, rate) : 'is not a price of a model';
      if (typeof read === 'string') leaveOut(model, read);
      else if (same(current.get(model), read.rows)) leaveOut(model, 'has this price already');
      else report.taken.push({ model, ...read });
    }
    if (dryRun) return;
    const values = report.taken.flatMap(({ model, rows }) => rows.map((row) => ({ model, validFrom, ...row })));
    for (let start = 0; start < values.length; start += TOGETHER) {
      await tx
        .insert(modelPrices)
        .values(values.slice(start, start + TOGETHER))
        .onConflictDoNothing();
    }
  });
  return report;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rows of each model that are in force at a moment. */
async function currentPrices(tx: Transaction, at: Date): Promise<Map<string, PriceRow[]>> {
  const rows = await tx
    .select()
    .from(modelPrices)
    .where(lte(modelPrices.validFrom, at))
    .orderBy(modelPrices.model, desc(modelPrices.validFrom), modelPrices.aboveTokens);
  const byModel = Map.groupBy(rows, ({ model }) => model);
  return new Map(
    [...byModel].map(([model, all]) => [
      model,
      all
        .filter(({ validFrom }) => validFrom.getTime() === all[0]?.validFrom.getTime())
        .map(({ model: _, validFrom: __, ...row }) => row),
    ]),
  );
}

const same = (before: PriceRow[] | undefined, rows: PriceRow[]): boolean =>
  before?.length === rows.length && rows.every((row, index) => keyOf(row) === keyOf(before[index] as PriceRow));

const keyOf = ({ aboveTokens, prompt, completion, cached, cacheWrite, reasoning, image, second, request }: PriceRow) =>
  [aboveTokens, prompt, completion, cached, cacheWrite, reasoning, image, second, request].join(' ');
