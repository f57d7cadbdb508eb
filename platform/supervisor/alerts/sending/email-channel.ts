import type { MailEnvironment } from '../../../capabilities/mail/index.ts';
import { breakOf, type Channel, ChannelFailure } from './channel.ts';
import { renderSubject, renderText } from './render-message.ts';

/** Messages of which it is known who has them; a message that is forgotten goes to all again. */
const MOST_PARTIAL = 50;

/** Hands alerts to the mail server itself: the queue of e-mails needs the database, which may be what is down. */
export function createEmailChannel(environment: MailEnvironment, addresses: readonly string[]): Channel {
  const load = async () => {
    // It takes more memory than a supervisor without alerts should.
    const { createMailer } = await import('../../../capabilities/mail/index.ts');
    return createMailer(environment);
  };
  let mailer: ReturnType<typeof load> | undefined;
  const open = () => {
    mailer ??= load().catch((error: unknown) => {
      // The file of SMTP_CA_PATH may be there again next time.
      mailer = undefined;
      throw new ChannelFailure(`Open e-mail: ${breakOf(error)}`);
    });
    return mailer;
  };
  /** Addresses that have a message which others refused, by its id. */
  const partial = new Map<string, Set<string>>();
  const remember = (id: string, taken: Set<string>) => {
    partial.set(id, taken);
    const [oldest] = partial.keys();
    if (partial.size > MOST_PARTIAL && oldest !== undefined) partial.delete(oldest);
  };
  return {
    name: 'email',
    async send(message, signal) {
      const mail = { subject: renderSubject(message), text: renderText(message) };
      const opened = await open();
      const taken = partial.get(message.id) ?? new Set();
      // Each by itself: an address that is refused keeps the others from nothing.
      const sent = await Promise.allSettled(
        addresses.map(async (address, index) => {
          if (taken.has(address)) return;
          await opened.send(`${message.id}-${index}`, address, mail, signal);
          taken.add(address);
        }),
      );
      const refused = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
      const [first] = refused;
      if (!first) return void partial.delete(message.id);
      const isPartial = taken.size > 0;
      if (isPartial) remember(message.id, taken);
      const some = addresses.length > 1 ? ` (${refused.length} of ${addresses.length} addresses)` : '';
      throw new ChannelFailure(`${first.message}${some}`, { isPartial });
    },
    async close() {
      await (await mailer?.catch(() => undefined))?.close();
    },
  };
}
