// What may follow on an unfinished command line, read off the commands themselves.
// Own code: the one library for commander cannot fall back to file names, which `ingest` lives on.
import type { Command, Option } from 'commander';

export interface Candidates {
  readonly words: readonly { readonly value: string; readonly description: string }[];
  /** Names of files fit too. */
  readonly files: boolean;
}

export interface StoreNames {
  /** Names of datasets in the store that the line names, or the default one; none where it cannot be opened. */
  datasets(store: string | undefined): Promise<readonly string[]>;
  /** `DATASET.TREE` of every tree. */
  tables(store: string | undefined): Promise<readonly string[]>;
}

const named = (values: readonly string[]): Candidates => ({
  words: values.map((value) => ({ value, description: '' })),
  files: false,
});
const nothing = named([]);

const takesValue = (option: Option): boolean => option.required || option.optional;

/** `words`: what stands after `skyhook`, the last one being completed (perhaps empty). */
export async function candidates(program: Command, words: readonly string[], names: StoreNames): Promise<Candidates> {
  const partial = words.at(-1) ?? '';
  let command = program;
  let position = 0;
  let pending: Option | undefined;
  let store: string | undefined;
  const options = () => (command === program ? program.options : [...command.options, ...program.options]);
  for (const word of words.slice(0, -1)) {
    if (pending) {
      if (pending.attributeName() === 'store') store = word;
      pending = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      const [flag, value] = word.split('=', 2);
      const option = options().find((o) => o.short === flag || o.long === flag);
      if (option && takesValue(option) && value === undefined) pending = option;
      if (option?.attributeName() === 'store' && value !== undefined) store = value;
    } else {
      const inner = command.commands.find((c) => c.name() === word);
      if (inner) command = inner;
      else if (command !== program) position++;
    }
  }
  if (pending) {
    if (pending.argChoices) return matching(named(pending.argChoices), partial);
    if (pending.attributeName() === 'dataset') return matching(named(await names.datasets(store)), partial);
    return pending.flags.includes('<path>') ? { words: [], files: true } : nothing;
  }
  if (partial.startsWith('-')) {
    const visible = [...command.createHelp().visibleOptions(command), ...(command === program ? [] : program.options)];
    return matching(
      { words: visible.map((o) => ({ value: o.long ?? o.short!, description: o.description })), files: false },
      partial,
    );
  }
  if (command.commands.length > 0) {
    const visible = command.createHelp().visibleCommands(command);
    return matching(
      { words: visible.map((c) => ({ value: c.name(), description: c.description() })), files: false },
      partial,
    );
  }
  const argument = command.registeredArguments[position] ?? command.registeredArguments.findLast((a) => a.variadic);
  if (!argument) return nothing;
  if (argument.argChoices) return matching(named(argument.argChoices), partial);
  switch (argument.name()) {
    case 'dataset':
      return matching(named(await names.datasets(store)), partial);
    case 'table':
      return matching(named([...(await names.datasets(store)), ...(await names.tables(store))]), partial);
    case 'file':
      return { words: [], files: true };
    default:
      return nothing;
  }
}

function matching({ words, files }: Candidates, partial: string): Candidates {
  return { words: words.filter(({ value }) => value.startsWith(partial)), files };
}

/**
 * Scripts for shells: each asks `skyhook __complete WORD…`, which prints `value<TAB>description` lines, and `:files` where names of
 * files fit. bash splits words at `:` and `=`; `COMP_LINE` up to the cursor is cut at blanks instead.
 */
export const shellScripts: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: `# skyhook completion for bash: source <(skyhook completion bash)
_skyhook() {
  local line=\${COMP_LINE:0:COMP_POINT} cur words out
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=\${words[-1]}
  out=$(skyhook __complete -- "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  if [[ $'\\n'$out == *$'\\n':files* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
    return
  fi
  local cut=\${cur%"\${COMP_WORDS[COMP_CWORD]}"} value
  while IFS=$'\\t' read -r value _; do
    [[ -n $value ]] && COMPREPLY+=("\${value#"$cut"}")
  done <<< "$out"
}
complete -F _skyhook skyhook
`,
  zsh: `#compdef skyhook
# skyhook completion for zsh: source <(skyhook completion zsh)
_skyhook() {
  local -a found
  local value description
  while IFS=$'\\t' read -r value description; do
    if [[ $value == :files ]]; then _files; return; fi
    [[ -n $value ]] && found+=("\${value//:/\\\\:}:$description")
  done < <(skyhook __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe skyhook found
}
compdef _skyhook skyhook
`,
  fish: `# skyhook completion for fish: skyhook completion fish | source
function __skyhook
  set -l words (commandline -opc)[2..] (commandline -ct)
  for line in (skyhook __complete -- $words 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c skyhook -f -a '(__skyhook)'
`,
};
