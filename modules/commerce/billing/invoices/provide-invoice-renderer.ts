import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defineProvider } from '../../../../platform/runtime/boot.ts';
import {
  SELLER_ACCOUNT,
  SELLER_ADDRESS,
  SELLER_BANK,
  SELLER_BIC,
  SELLER_CORRESPONDENT_ACCOUNT,
  SELLER_INN,
  SELLER_KPP,
  SELLER_NAME,
} from '../../variables.ts';
import type { InvoiceRenderer } from '../index.ts';

/** In a release the fonts stand next to the entry, see the manifest's `assets`. */
function fontPath(name: string): string {
  const bundled = join(import.meta.dirname, name);
  return existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}`);
}

/** The library and its fonts are loaded with the first invoice, since most processes never write one. */
export const invoiceRenderer = defineProvider(
  [
    SELLER_NAME,
    SELLER_INN,
    SELLER_KPP,
    SELLER_ADDRESS,
    SELLER_BANK,
    SELLER_BIC,
    SELLER_ACCOUNT,
    SELLER_CORRESPONDENT_ACCOUNT,
  ],
  (_, settings): InvoiceRenderer => {
    const seller = {
      name: settings.SELLER_NAME,
      inn: settings.SELLER_INN,
      kpp: settings.SELLER_KPP,
      address: settings.SELLER_ADDRESS,
      bank: settings.SELLER_BANK,
      bic: settings.SELLER_BIC,
      account: settings.SELLER_ACCOUNT,
      correspondentAccount: settings.SELLER_CORRESPONDENT_ACCOUNT,
    };
    const load = async () => {
      const [regular, bold, { createInvoiceRenderer }] = await Promise.all([
        readFile(fontPath('DejaVuSans.ttf')),
        readFile(fontPath('DejaVuSans-Bold.ttf')),
        import('./render-invoice.ts'),
      ]);
      return createInvoiceRenderer(seller, { regular, bold });
    };
    let loading: Promise<InvoiceRenderer> | undefined;
    return async (invoice) => {
      loading ??= load().catch((error: unknown) => {
        loading = undefined; // the next invoice tries again
        throw error;
      });
      return (await loading)(invoice);
    };
  },
);
