/** @public the bots' people and skills use it */
export { type GrantRequest, grantUnits } from './grant-units.ts';
/** @public the bots' people use it */
export { openWallet, type WalletSettings } from './open-wallet.ts';
/** @public the bots' people and skills use it */
export { readWallet, type WalletUnit } from './read-wallet.ts';
