import { defineProvider } from '../../../../platform/runtime/boot.ts';
import { publicOrigin } from '../../../../platform/runtime/providers/public-origin.ts';
import { YOOKASSA_SHOP_ID } from '../../variables.ts';
import type { Order } from './create-order.ts';
import { orderPath } from './order-path.ts';

/** Where an order is paid in roubles; undefined where it cannot be. Without an order: whether any can. */
export interface OrderLink {
  isOpen: boolean;
  of(order: Pick<Order, 'organizationId' | 'id' | 'price'>): string | undefined;
}

/** YooKassa has to be configured, and the platform to be reached by https: Telegram shows buttons with no other links. */
export const orderLink = defineProvider([YOOKASSA_SHOP_ID], async (boot, settings): Promise<OrderLink> => {
  const origin = await boot.use(publicOrigin);
  const isOpen = settings.YOOKASSA_SHOP_ID !== undefined && origin.startsWith('https://');
  return { isOpen, of: (order) => (isOpen && order.price !== null ? `${origin}${orderPath(order)}` : undefined) };
});
