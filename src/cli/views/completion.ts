/** What a shell needs to complete our words. Each script asks `tscompose __complete` with the words typed so far. */

export const scripts = {
  bash: `# bash completion for tscompose
_tscompose() {
  local IFS=$'\\n'
  COMPREPLY=($(tscompose __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ "\${#COMPREPLY[@]}" -eq 0 ] && compopt -o default
}
complete -F _tscompose tscompose
`,
  zsh: `#compdef tscompose
_tscompose() {
  local -a found
  found=("\${(@f)$(tscompose __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
if [ "\${funcstack[1]}" = _tscompose ]; then _tscompose "$@"; else compdef _tscompose tscompose; fi
`,
  fish: `# fish completion for tscompose
function __tscompose
  set -l typed (commandline -opc) (commandline -ct)
  tscompose __complete -- $typed[2..-1] 2>/dev/null
end
complete -c tscompose -a '(__tscompose)'
`,
} as const;
