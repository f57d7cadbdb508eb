import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { type AcceptedInvitation, acceptInvitation, type RequireRoom } from './accept-invitation.ts';
import type { AccountDeps } from './account-deps.ts';
import { isSetupOpen } from './close-setup.ts';
import { confirmEmail, resendConfirmation } from './confirm-email.ts';
import { createFirstOwner } from './create-first-owner.ts';
import type { EndedAccess } from './end-access.ts';
import { changePassword, type PasswordChange } from './passwords/change-password.ts';
import { forgotPassword } from './passwords/forgot-password.ts';
import { createDecoy } from './passwords/password.ts';
import { resetPassword } from './passwords/reset-password.ts';
import { endOtherSessions, endSession } from './profile/end-sessions.ts';
import { type Profile, readProfile } from './profile/read-profile.ts';
import { type ProfileChange, updateProfile } from './profile/update-profile.ts';
import { type NewAccount, register } from './register.ts';
import { refresh } from './sign-in/refresh.ts';
import type { Session } from './sign-in/session.ts';
import { signIn } from './sign-in/sign-in.ts';
import { DIRECT, type SignInOrigin } from './sign-in/sign-in-attempts.ts';
import { signOut } from './sign-in/sign-out.ts';

export { forgetEmailTokens } from './email-token.ts';
export { holdConfirmed } from './hold-confirmed.ts';
export { holdOrganization, openInvitations } from './open-invitations.ts';
export { DEVICE_DAYS } from './sign-in/device-token.ts';
export { forgetOldAttempts } from './sign-in/sign-in-attempts.ts';
export type { Profile, Session };

/**
 * Sessions are refused with organization-suspended while the organization is suspended, and new passwords with
 * common-password.
 */
export interface Accounts {
  /** Creates an organization with its owner, and writes to them to confirm the address. @throws Problem email-taken */
  register(account: NewAccount): Promise<Session>;
  /** Whether the platform has never had an organization. */
  isSetupOpen(): Promise<boolean>;
  /** Registers the first organization of an empty platform. @throws Problem setup-closed */
  createFirstOwner(account: NewAccount): Promise<Session>;
  /**
   * @param replaces refresh token of the session that the new one takes the place of, also of another person: that one ends
   * @throws Problem invalid-credentials, too-many-sign-ins; the same for an unknown address and a wrong password
   */
  signIn(email: string, password: string, origin?: SignInOrigin, replaces?: string): Promise<Session>;
  /** @throws Problem invalid-refresh-token */
  refresh(refreshToken: string): Promise<Session>;
  signOut(refreshToken: string): Promise<void>;
  /** Creates an account in the inviting organization, which must have room. @throws Problem invalid-invitation, email-taken */
  acceptInvitation(invitation: AcceptedInvitation, requireRoom: RequireRoom): Promise<Session>;
  /** E-mails a token for `resetPassword`; says and takes the same for an unknown address. */
  forgotPassword(email: string): Promise<void>;
  /** Ends every session and API key of the person. @throws Problem invalid-email-token */
  resetPassword(token: string, password: string): Promise<EndedAccess>;
  /** Ends every session but the one that is returned, and API keys where asked. @throws Problem invalid-credentials, too-many-sign-ins */
  changePassword(
    userId: string,
    change: PasswordChange,
    origin?: SignInOrigin,
  ): Promise<Session & { revokedKeys: number }>;
  /** The first time, what was signed in or made before ends. @throws Problem invalid-email-token */
  confirmEmail(token: string): Promise<EndedAccess>;
  /** Sends the token again, unless the address is confirmed or one was sent a moment ago. */
  resendConfirmation(userId: string): Promise<void>;
  /** @throws Problem unauthenticated when the person is gone */
  readProfile(caller: Caller): Promise<Profile>;
  updateProfile(caller: Caller, change: ProfileChange): Promise<Profile>;
  /** @throws Problem not-found when the session is not the caller's or has ended */
  endSession(caller: Caller, sessionId: string): Promise<void>;
  /** Ends all sessions of the caller but the one that asks. @returns how many */
  endOtherSessions(caller: Caller): Promise<number>;
}

const direct: SignInOrigin = { client: DIRECT };

export function createAccounts(deps: AccountDeps): Accounts {
  const decoy = createDecoy();
  return {
    register: (account) => register(deps, account),
    isSetupOpen: () => isSetupOpen(deps.database),
    createFirstOwner: (account) => createFirstOwner(deps, account),
    signIn: (email, password, origin = direct, replaces?: string) =>
      signIn(deps, decoy, { email, password, replaces, ...origin }),
    refresh: (refreshToken) => refresh(deps, refreshToken),
    signOut: (refreshToken) => signOut(deps, refreshToken),
    acceptInvitation: (invitation, requireRoom) => acceptInvitation(deps, invitation, requireRoom),
    forgotPassword: (email) => forgotPassword(deps, email),
    resetPassword: (token, password) => resetPassword(deps, token, password),
    changePassword: (userId, change, origin = direct) => changePassword(deps, userId, change, origin),
    confirmEmail: (token) => confirmEmail(deps, token),
    resendConfirmation: (userId) => resendConfirmation(deps, userId),
    readProfile: (caller) => readProfile(deps.database, caller),
    async updateProfile(caller, change) {
      await updateProfile(deps.database, caller.userId, change);
      return readProfile(deps.database, caller);
    },
    endSession: (caller, sessionId) => endSession(deps.database, caller, sessionId),
    endOtherSessions: (caller) => endOtherSessions(deps.database, caller),
  };
}
