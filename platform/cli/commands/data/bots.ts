import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { BotListing, BotStanding } from '../../operator-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';
import { readSecret } from '../../read-secret.ts';

const someId = '0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11';

export function bots(program: Command): void {
  const command = program
    .command('bots')
    .description('Set up bots in Telegram for organizations, and see how they stand')
    .addHelpText(
      'after',
      examples(
        `pandect bots add --organization ${someId} < token.txt`,
        `pandect bots check ${someId}`,
        `pandect bots webhook set ${someId}`,
      ),
    );
  for (const register of [add, list, check, webhook]) register(command);
}

function names(text: string): string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.every((name) => /^[a-z]+$/.test(name))) return found;
  throw new InvalidArgumentError('It must be names with commas between them.');
}

function add(command: Command): void {
  command
    .command('add')
    .description('Set up a bot by the token of BotFather, from a file, standard input or the terminal')
    .requiredOption('--organization <id>', 'whose bot it is')
    .option('--skills <names>', 'what it can do: tarot, image, ask; the first answers first', names, ['tarot'])
    .option('--time-zone <name>', 'at whose midnight free units come back', 'Europe/Moscow')
    .option('--token-file <path>', 'a file that holds the token alone')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        `pandect bots add --organization ${someId}`,
        `pandect bots add --organization ${someId} --skills tarot,image < token.txt`,
        `pandect bots add --organization ${someId} --token-file /run/secrets/bot-token --json`,
      ),
    )
    .action(async ({ organization, skills, timeZone, tokenFile, json }) => {
      const token = await readSecret('Token of the bot: ', tokenFile);
      const made = await ask<BotListing>('POST', '/operator/bots/add', { organization, token, skills, timeZone });
      print(json, made, `@${made.username} is set up as ${made.id}, by ${made.delivery}`);
    });
}

function list(command: Command): void {
  command
    .command('list')
    .description('List bots, newest first')
    .option('--organization <id>', 'of this one alone')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect bots list', `pandect bots list --organization ${someId} --json`))
    .action(async ({ organization, limit, json }) => {
      const rows = await ask<BotListing[]>('POST', '/operator/bots/list', { organization, limit });
      const lines = rows.map((row) => [
        ...[row.id, `@${row.username}`, tinted(row.state), row.delivery, row.skills.join(',')],
        ...[row.timeZone, dateTime(row.createdAt), row.organizationId],
      ]);
      const header = ['ID', 'BOT', 'STATE', 'DELIVERY', 'SKILLS', 'TIME ZONE', 'CREATED', 'ORGANIZATION'];
      print(json, rows, rows.length > 0 ? table(header, lines) : 'No bot is set up');
    });
}

function check(command: Command): void {
  command
    .command('check <id>')
    .description('Ask Telegram how a bot stands; exits with 1 when something keeps it from working')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect bots check ${someId}`, `pandect bots check ${someId} --json`))
    .action(async (id: string, { json }) => {
      const found = await ask<BotStanding>('POST', '/operator/bots/check', { id });
      const text = [table(['FIELD', 'VALUE'], describe(found)), ...found.troubles];
      print(json, found, text.join('\n'));
      if (found.troubles.length > 0) process.exitCode = 1;
    });
}

function describe({ webhook, polling, ...bot }: BotStanding): [string, string | number | undefined][] {
  return [
    ['bot', `@${bot.username} ${bot.name}`],
    ['organization', bot.organizationId],
    ['state', tinted(bot.state)],
    ['delivery', bot.delivery],
    ['token', bot.isAuthorized ? 'accepted' : 'refused'],
    ['paused until', dateTime(bot.pausedUntil ?? undefined)],
    ['webhook', webhook ? (webhook.isSet ? (webhook.isOurs ? 'set' : 'of another address') : 'not set') : undefined],
    ['pending updates', webhook?.pending],
    ['last webhook error', webhook?.lastError ?? undefined],
    ['of', dateTime(webhook?.lastErrorAt ?? undefined)],
    ['polling', polling ? (polling.problem ?? 'ok') : undefined],
    ['last polled', dateTime(polling?.polledAt ?? undefined)],
    ['clock here', bot.clockAheadMs === null ? undefined : describeClock(bot.clockAheadMs)],
  ];
}

function describeClock(aheadMs: number): string {
  if (aheadMs === 0) return "agrees with Telegram's";
  return `${Math.abs(aheadMs) / 1_000} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Telegram's`;
}

function webhook(parent: Command): void {
  const command = parent
    .command('webhook')
    .description('Whether Telegram sends updates of a bot, or they are polled')
    .addHelpText('after', examples(`pandect bots webhook set ${someId}`, `pandect bots webhook delete ${someId}`));
  const define = (name: string, delivery: 'webhook' | 'polling', description: string, done: string) =>
    command
      .command(`${name} <id>`)
      .description(description)
      .option('--json', 'print JSON')
      .addHelpText('after', examples(`pandect bots webhook ${name} ${someId}`))
      .action(async (id: string, { json }) => {
        const bot = await ask<BotListing>('POST', '/operator/bots/delivery', { id, delivery });
        print(json, bot, `@${bot.username}: ${done}`);
      });
  define('set', 'webhook', 'Have Telegram send updates to the public address', 'Telegram sends its updates');
  define('delete', 'polling', 'Have updates polled, which needs no public address', 'its updates are polled');
}
