import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { Discrepancy, RefundedCharge, WalletRow } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

const someId = '0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11';

export function wallets(program: Command): void {
  const command = program
    .command('wallets')
    .description('Look at what users of bots have, give them units, pay charges back, and prove balances')
    .addHelpText('after', examples(`pandect wallets show ${someId}`, 'pandect wallets check'));
  for (const add of [show, grant, refund, check]) add(command);
}

function show(command: Command): void {
  command
    .command('show <id>')
    .description('Show what a wallet has and its newest entries')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect wallets show ${someId}`, `pandect wallets show ${someId} --json`))
    .action(async (id: string, { json }) => {
      const wallet = await ask<WalletRow>('POST', '/operator/wallets/show', { id });
      const units = wallet.units.map((one) => [
        ...[one.unit, `${one.freeLeft} of ${one.freePerDay}`, dateTime(one.freeResetsAt), String(one.bought)],
        ...[String(one.held), String(one.usedToday), String(one.owed)],
      ]);
      const entries = wallet.entries.map((one) => [
        ...[dateTime(one.at), one.unit, one.reason, String(one.amount), String(one.debt), one.reference],
        one.actor ?? undefined,
      ]);
      const text = [
        `Wallet of ${wallet.kind} ${wallet.reference} in ${wallet.timeZone}, organization ${wallet.organizationId}`,
        table(['UNIT', 'FREE TODAY', 'RESETS', 'BOUGHT', 'HELD', 'USED TODAY', 'OWED'], units),
        table(['AT', 'UNIT', 'REASON', 'AMOUNT', 'DEBT', 'REFERENCE', 'BY'], entries),
      ];
      print(json, wallet, text.join('\n\n'));
    });
}

function grant(command: Command): void {
  command
    .command('grant')
    .description('Give a wallet units, once for each reference')
    .argument('<id>', 'the wallet')
    .argument('<unit>', 'of what, such as reading or image')
    .argument('<amount>', 'how many', wholeNumber(1, 1_000_000))
    .requiredOption('--reason <text>', 'why, for the books')
    .requiredOption('--reference <text>', 'names the grant, such as a ticket')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(`pandect wallets grant ${someId} reading 5 --reason "An outage" --reference ticket-17`),
    )
    .action(async (id: string, unit: string, amount: number, { reason, reference, json }) => {
      const body = { id, unit, amount, reason, reference };
      const answer = await ask<{ given: boolean }>('POST', '/operator/wallets/grant', body);
      print(
        json,
        answer,
        answer.given ? `${amount} ${unit} given` : `"${reference}" was given before; nothing changed`,
      );
    });
}

function refund(command: Command): void {
  command
    .command('refund')
    .description('Pay a charge in Stars back and take its units; once, also when the command is repeated')
    .argument('<charge>', "Telegram's id of the charge")
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--bot <id>', 'whose charge, where several bots have one of this id')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect wallets refund stxL9…Zk --reason "The readings never came"'))
    .action(async (chargeId: string, { reason, bot: botId, json }) => {
      const answer = await ask<RefundedCharge>('POST', '/operator/wallets/refund', { chargeId, botId, reason });
      const { amount, wasRefunded } = answer;
      print(json, answer, wasRefunded ? 'It was paid back before; nothing changed' : `${amount} Stars are paid back`);
    });
}

function check(command: Command): void {
  command
    .command('check')
    .description(
      'Look for contradictions between balances, entries, holds and payments; exits with 1 when there are any',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect wallets check', 'pandect wallets check --json'))
    .action(async ({ json }) => {
      const found = await ask<Discrepancy[]>('GET', '/operator/wallets/discrepancies', undefined, SILENCE_MS);
      const lines = found.map(({ check: name, subject, detail }) => [name, subject, detail]);
      print(json, found, found.length === 0 ? 'The wallets agree' : table(['CHECK', 'SUBJECT', 'DETAIL'], lines));
      if (found.length > 0) process.exitCode = 1;
    });
}
