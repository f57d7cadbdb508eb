import { randomUUID } from 'node:crypto';

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const STATE = /^call_g([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/**
 * An id for a call of a function, which has none at GigaChat. It holds the id of the functions' state, which GigaChat wants back and which
 * clients do not keep otherwise; 38 characters, as OpenAI takes 40.
 */
export function idOfCall(stateId: string | undefined): string {
  const parts = stateId === undefined ? undefined : UUID.exec(stateId);
  return parts ? `call_g${parts.slice(1).join('')}` : `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

/** The state's id in an id of {@link idOfCall}; undefined in another's. */
export function stateOfCall(id: string): string | undefined {
  return STATE.exec(id)?.slice(1).join('-');
}
