import { Argument, type Command } from 'commander';
import { candidates } from '../../completion/candidates.ts';
import { lookUp } from '../../completion/look-up.ts';
import { type Shell, scripts, shells } from '../../completion/scripts.ts';
import { examples } from '../../output.ts';

export function completion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(shells))
    .description('Print what makes a shell complete commands, options, names and releases')
    .addHelpText(
      'after',
      examples(
        'pandect completion bash > /etc/bash_completion.d/pandect',
        'source <(pandect completion zsh)',
        'pandect completion fish > ~/.config/fish/completions/pandect.fish',
      ),
    )
    .action((shell: Shell) => console.log(scripts[shell]));

  program.command('complete [words...]', { hidden: true }).action(async (words: string[]) => {
    const found = candidates(program, words);
    console.log([...found.words, ...(found.lookUp ? await lookUp(found.lookUp) : [])].join('\n'));
  });
}
