import type { ShownAccount } from './operator-answers.ts';

/** What an operator should know of an account before it gets rights. */
export const describeAccount = ({ email, organization, role, createdAt, confirmedAt }: ShownAccount): string =>
  [
    `Account       ${email}`,
    `Organization  ${organization} (${role})`,
    `Registered    ${createdAt.slice(0, 10)}, ${age(createdAt)}`,
    `Address       ${confirmedAt ? `confirmed on ${confirmedAt.slice(0, 10)}` : 'NOT CONFIRMED: anybody can have registered it'}`,
  ].join('\n');

function age(since: string): string {
  const hours = Math.floor((Date.now() - Date.parse(since)) / 3_600_000);
  if (hours < 1) return 'less than an hour ago';
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/**
 * Asks on the terminal, unless the operator agreed beforehand. What is decided about goes to standard error, so that
 * `--json` stays readable. @throws when the answer is no, or when there is no terminal to ask on
 */
export async function approve(action: string, shown: string, yes: boolean | undefined): Promise<void> {
  console.error(shown);
  if (yes) return;
  if (!process.stdin.isTTY) throw new Error(`${action}: there is no terminal to ask on; --yes agrees`);
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${action}? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error(`${action}: not agreed`);
}
