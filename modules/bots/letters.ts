declare module '../../platform/capabilities/outbox/contract.ts' {
  interface NotificationParameters {
    /** `bot` is its name in Telegram, without the `@`. */
    'bot-refused': { bot: string };
  }
}
