const form = /^[\w.-]{8,128}$/;

/** The id that a client or the edge has given a request by `x-request-id`, or a new one. */
export const requestIdFrom = (sent: string | undefined): string =>
  sent !== undefined && form.test(sent) ? sent : crypto.randomUUID();
