import type { Command, Option } from 'commander';

/** What can stand where the cursor is: fixed words, or names that have to be looked up. */
export interface Candidates {
  words: readonly string[];
  lookUp?: 'units' | 'queues' | { releasesOf: string };
}

/**
 * Reads a command line that is being typed.
 * @param words all words after `pandect`; the last one is what is being typed, empty at the beginning of a word
 */
export function candidates(program: Command, words: readonly string[]): Candidates {
  const typed = words.at(-1) ?? '';
  const { command, operands, awaited } = walk(program, words.slice(0, -1));
  if (awaited) return byName(awaited.name(), awaited.argChoices, operands);
  const help = command.createHelp();
  if (typed.startsWith('-')) {
    return { words: help.visibleOptions(command).flatMap(({ long, short }) => long ?? short ?? []) };
  }
  const subcommands = help.visibleCommands(command).map((child) => child.name());
  if (subcommands.length > 0) return { words: subcommands };
  const declared = command.registeredArguments;
  const argument = declared[operands.length] ?? (declared.at(-1)?.variadic ? declared.at(-1) : undefined);
  return argument ? byName(argument.name(), argument.argChoices, operands) : { words: [] };
}

/** Goes down the tree of commands as far as the words lead. */
function walk(program: Command, words: readonly string[]) {
  let command = program;
  let operands: string[] = [];
  let awaited: Option | undefined;
  for (const word of words) {
    if (awaited) {
      awaited = undefined;
      continue;
    }
    const option = command.options.find(({ long, short }) => word === long || word === short);
    if (option?.required) awaited = option;
    if (word.startsWith('-')) continue;
    const child = command.commands.find((candidate) => candidate.name() === word);
    if (child) [command, operands] = [child, []];
    else operands.push(word);
  }
  return { command, operands, awaited };
}

/** The names of arguments and options tell what they are, in all commands alike. */
function byName(name: string, choices: readonly string[] | undefined, operands: readonly string[]): Candidates {
  if (choices) return { words: choices };
  switch (name) {
    case 'name':
    case 'names':
      return { words: [], lookUp: 'units' };
    case 'queue':
      return { words: [], lookUp: 'queues' };
    case 'release':
      return { words: [], lookUp: { releasesOf: operands[0] ?? '' } };
    default:
      return { words: [] };
  }
}
