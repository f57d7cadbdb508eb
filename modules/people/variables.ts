import { defineNumber } from '../../platform/kernel/environment.ts';

/* Variables of sign-in and of what is kept of people. */

export const REFRESH_TOKEN_EXPIRE_DAYS = defineNumber(
  'REFRESH_TOKEN_EXPIRE_DAYS',
  [1, 365],
  7,
  'Life of a refresh token in days',
);

export const AUDIT_RETENTION_DAYS = defineNumber(
  'AUDIT_RETENTION_DAYS',
  [1, 36_500],
  undefined,
  'Days that the audit log is kept; unset keeps all of it',
);
