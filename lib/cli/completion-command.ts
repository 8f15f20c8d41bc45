import { UserError } from '../domain/user-error.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

/** Prints the script that makes a shell complete benchbook's words. */
export async function completion(shell: string, options: CommonOptions, io: Io): Promise<void> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined
  if (script === undefined)
    throw new UserError(`completion is for ${Object.keys(scripts).join(', ')}, got ${JSON.stringify(shell)}`)
  if (options.json) printJson(io, { shell, script })
  else io.stdout(script)
}

// Each asks `benchbook complete -- WORDS`, and where that knows nothing completes files.
const scripts = {
  bash: `# In ~/.bashrc: source <(benchbook completion bash)
_benchbook() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _benchbook benchbook
`,
  zsh: `# In ~/.zshrc: source <(benchbook completion zsh)
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_benchbook() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _benchbook benchbook
`,
  fish: `# In ~/.config/fish/config.fish: benchbook completion fish | source
function __benchbook_complete
  set -l words (commandline -opc)
  set -l found ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c benchbook -f -a '(__benchbook_complete)'
`,
}
