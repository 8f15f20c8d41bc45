import { addCommand, type Wiring } from './command.ts'
import type { EmulateOptions } from './emulate-arguments.ts'

/** `emulate`: a server to rehearse against. */
export function addEmulateCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const what = 'a server with known timing that speaks the protocols of all engines, to rehearse with'
  addCommand(wiring, 'Measure', 'emulate', what)
    .option('--port <n>', 'where it listens (0: any that is free)')
    .option('--host <address>', 'on which address of this machine (127.0.0.1)')
    .option('--model <name>', 'a name of its model instead of any; may be given several times', collect)
    .option('--set <setting=value>', 'such as tokenMs=7, as in an experiment; may be given several times', collect)
    .option('--config <file>', 'a YAML file of such settings')
    .option('--fault <kind@place:n>', 'what befalls every nth response; may be given several times', collect)
    .option('--truth <file>', 'write down what was really sent, and when: a line of JSON per request')
    .option('--replay <file>', 'answer with a recorded stream, at its own pace; export request:<n> writes one')
    .option('--speed <times>', 'with --replay: so many times as fast as it was recorded (1)')
    .option('--feel [rate]', 'serve nothing: write text here, at so many tokens per second, or a recorded answer')
    .option('--verbose', 'a line for each request')
    .action(async (options: EmulateOptions) => {
      result.exitCode = await (await import('./emulate-command.ts')).emulate(options, io)
    })
}

const collect = (value: string, before: readonly string[] = []) => [...before, value]
