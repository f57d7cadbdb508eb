import { createMailer, type Mailer, mailVariables } from '../../platform/capabilities/mail/index.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';

/** Undefined without a mail server. */
export const mailer = defineProvider(mailVariables, (boot, environment): Mailer | undefined => {
  if (!environment.SMTP_HOST) {
    boot.log.warn('Mail: SMTP_HOST is not set, so e-mails are marked as failed and not sent');
    return;
  }
  const made = createMailer(environment);
  boot.onClose(() => made.close());
  return made;
});
