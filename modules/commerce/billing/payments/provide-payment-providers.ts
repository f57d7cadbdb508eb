import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../../platform/runtime/boot.ts';
import { outboundPlaces } from '../../../../platform/runtime/providers/outbound-places.ts';
import { publicOrigin } from '../../../../platform/runtime/providers/public-origin.ts';
import { required } from '../../../../platform/runtime/providers/required.ts';
import { YOOKASSA_BASE_URL, YOOKASSA_SECRET_KEY, YOOKASSA_SHOP_ID } from '../../variables.ts';
import { createBankProvider, createYookassaProvider, type PaymentProviders } from '../index.ts';

/** Transfers always, YooKassa where a shop is configured. */
export const paymentProviders = defineProvider(
  [YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY, YOOKASSA_BASE_URL, OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS],
  async (boot, settings): Promise<PaymentProviders> => {
    const bank = createBankProvider();
    if (settings.YOOKASSA_SHOP_ID === undefined) return { bank };
    const yookassa = createYookassaProvider({
      shopId: settings.YOOKASSA_SHOP_ID,
      secretKey: required('YOOKASSA_SECRET_KEY', settings.YOOKASSA_SECRET_KEY),
      baseUrl: settings.YOOKASSA_BASE_URL,
      origin: await boot.use(publicOrigin),
      allowedHosts: settings.OUTBOUND_WHITELIST,
      internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
      places: await boot.use(outboundPlaces),
    });
    return { bank, yookassa };
  },
);
