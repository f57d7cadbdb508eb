/** What a shell has to run once; each asks `pandect complete` with the words typed so far. */
export const scripts = {
  bash: `_pandect() {
  local IFS=$'\\n' found
  found=$(pandect complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _pandect pandect`,
  zsh: `#compdef pandect
_pandect() {
  local -a found
  found=(\${(f)"$(pandect complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  compadd -a found
}
compdef _pandect pandect`,
  fish: `complete -c pandect -f -a '(pandect complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'`,
} as const;

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as Shell[];
