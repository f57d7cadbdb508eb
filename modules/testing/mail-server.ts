import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** As it came over the wire, with its headers. */
  raw: string;
  /** Its plain text, as its reader sees it. */
  text: string;
  /** Whether it came over TLS, and the login it was sent under. */
  secure: boolean;
  user: string | undefined;
}

/** What the server says to one command: nothing to agree, or an answer such as `[451, 'Try later']`. */
type Answer = [code: number, message: string] | undefined;

export interface MailServer {
  port: number;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

/** A mail server on a free port of the loopback interface that keeps what it is given. */
export async function startMailServer({
  onRecipient,
  onData,
  login,
  port = 0,
  host = '127.0.0.1',
  ...options
}: {
  onRecipient?: (email: string) => Answer;
  /** Asked when the text has come. May take its time. */
  onData?: (mail: ReceivedMail) => Answer | Promise<Answer>;
  /** Without one, anybody may send. */
  login?: { user: string; password: string };
  port?: number;
  /** The address that it listens at. */
  host?: string;
} & Pick<SMTPServerOptions, 'secure' | 'hideSTARTTLS' | 'allowInsecureAuth'> = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    ...localhostCertificate,
    ...options,
    authOptional: login === undefined,
    disableReverseLookup: true,
    closeTimeout: 500, // for clients that keep their connection
    onAuth({ username, password }, _, callback) {
      const known = login !== undefined && username === login.user && password === login.password;
      if (known) callback(null, { user: username });
      else callback(refusal([535, 'Wrong password']));
    },
    onRcptTo({ address }, _, callback) {
      const answer = onRecipient?.(address);
      callback(answer && refusal(answer));
    },
    async onData(stream, { envelope, secure, user }, callback) {
      const parts: Buffer[] = [];
      try {
        for await (const part of stream) parts.push(part);
      } catch {
        return; // the client was cut off
      }
      const raw = Buffer.concat(parts).toString();
      const mail: ReceivedMail = {
        from: envelope.mailFrom ? envelope.mailFrom.address : '',
        to: envelope.rcptTo.map(({ address }) => address),
        raw,
        text: textOf(raw),
        secure,
        user: user as string | undefined,
      };
      const answer = await onData?.(mail);
      if (!answer) mails.push(mail);
      callback(answer && refusal(answer));
    },
  });
  server.on('error', () => {}); // what broken connections leave behind
  const listening = server.listen(port, host);
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const refusal = ([responseCode, message]: NonNullable<Answer>) => Object.assign(new Error(message), { responseCode });

const textOf = (raw: string): string =>
  Buffer.from(/^Content-Type: text\/plain[\s\S]*?\r\n\r\n([\w+/=\r\n]+)/m.exec(raw)?.[1] ?? '', 'base64').toString();

/** Signed by itself, for the name localhost; only tests ever trust it. */
export const localhostCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgezHMBihOa8XveKxN
f7W5zTvII7yyLeSXHBuJQ36DU2+hRANCAASLFpPw2hCFhlFTk57VOzLJ6jyvYgxd
cRXgUi7fxixpwnGnJ5Z8GcxffWsPLiI8+yBloa61aXqgJogQ4QOPFdkl
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIsWk/DaEIWGUVOT
ntU7MsnqPK9iDF1xFeBSLt/GLGnCcacnlnwZzF99aw8uIjz7IGWhrrVpeqAmiBDh
A48V2SWjSDBGMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MB0GA1UdDgQWBBTvUHvNYHaa/iZ5YqZUC+99BrNSozAKBggqhkjOPQQDAgNIADBF
AiAq2ScA+gp0PpEusWRXCNysbxRaxdhyASjnH8CKguKQIAIhAMUun31cf5zI7Akh
RxwJIjhNokVZDTjTppiCujFUvLlt
-----END CERTIFICATE-----
`,
};
