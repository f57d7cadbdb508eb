import { publicOrigin } from '../../../../platform/kernel/public-origin.ts';
import type { Boot } from '../../../../platform/runtime/boot.ts';
import { required } from '../../../../platform/runtime/providers/required.ts';
import { createBankProvider, createYookassaProvider, type PaymentProviders } from '../index.ts';

/** Transfers always, YooKassa where a shop is configured. */
export function paymentProviders(boot: Boot): PaymentProviders {
  const settings = boot.environment(
    'YOOKASSA_SHOP_ID',
    'YOOKASSA_SECRET_KEY',
    'YOOKASSA_BASE_URL',
    'OUTBOUND_WHITELIST',
    'OUTBOUND_INTERNAL_HOSTS',
    'PUBLIC_URL',
    'PANDECT_DOMAIN',
    'PANDECT_PORT',
  );
  const bank = createBankProvider();
  if (settings.YOOKASSA_SHOP_ID === undefined) return { bank };
  const yookassa = createYookassaProvider({
    shopId: settings.YOOKASSA_SHOP_ID,
    secretKey: required('YOOKASSA_SECRET_KEY', settings.YOOKASSA_SECRET_KEY),
    baseUrl: settings.YOOKASSA_BASE_URL,
    returnUrl: `${publicOrigin(settings)}/`,
    allowedHosts: settings.OUTBOUND_WHITELIST,
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
  });
  return { bank, yookassa };
}
