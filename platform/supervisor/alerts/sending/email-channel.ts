import type { MailEnvironment } from '../../../capabilities/mail/index.ts';
import { type Channel, ChannelFailure } from './channel.ts';
import { renderSubject, renderText } from './render-message.ts';

/** Hands alerts to the mail server itself: the queue of e-mails needs the database, which may be what is down. */
export function createEmailChannel(environment: MailEnvironment, addresses: readonly string[]): Channel {
  const loading = async () => {
    // It takes more memory than a supervisor without alerts should.
    const { createMailer } = await import('../../../capabilities/mail/index.ts');
    return createMailer(environment);
  };
  let mailer: ReturnType<typeof loading> | undefined;
  return {
    name: 'email',
    async send(message, signal) {
      mailer ??= loading();
      const mail = { subject: renderSubject(message), text: renderText(message) };
      const opened = await mailer;
      // Each by itself: an address that is refused keeps the others from nothing.
      const sent = await Promise.allSettled(
        addresses.map((address, index) => opened.send(`${message.id}-${index}`, address, mail, signal)),
      );
      const refused = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
      const [first] = refused;
      if (!first) return;
      const some = addresses.length > 1 ? ` (${refused.length} of ${addresses.length} addresses)` : '';
      throw new ChannelFailure(`${first.message}${some}`);
    },
    async close() {
      await (await mailer)?.close();
    },
  };
}
