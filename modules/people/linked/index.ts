export { chatsForLetters } from './chats-for-letters.ts';
export { forgetLinkCodes, makeLinkCode } from './link-code.ts';
export { linkedAccount, linkIdentity, unlinkAllOf, unlinkBot, unlinkSender } from './link-identity.ts';
export { changeIdentity, type OwnIdentity, ownIdentities, unlinkIdentity } from './own-identities.ts';
