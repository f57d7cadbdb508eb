import type { Order } from './create-order.ts';

/** Where the billing function lets an order be paid in roubles. Its random id is all that a payer needs to know. */
export const orderPath = ({ organizationId, id }: Pick<Order, 'organizationId' | 'id'>): `/${string}` =>
  `/api/billing/orders/${organizationId}/${id}`;
