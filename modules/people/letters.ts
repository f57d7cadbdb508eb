/** How many sessions and API keys ended because the address was confirmed, or the password reset or changed. */
export interface AccessEnded {
  reason: 'confirmed' | 'reset' | 'changed';
  sessions: number;
  keys: number;
}

declare module '../../platform/capabilities/outbox/contract.ts' {
  interface NotificationParameters {
    'confirm-email': { token: string };
    'reset-password': { token: string };
    'access-ended': AccessEnded;
    /** `organization` and `inviter` as people know them: a name, an address. */
    invitation: { organization: string; inviter: string; token: string };
  }
}
