import { addCommand, type Wiring } from './command.ts'
import type { DoctorOptions } from './doctor-command.ts'
import type { CommonOptions } from './io.ts'
import type { QuantizeOptions, RemoveOptions } from './models-command.ts'
import type { PullOptions } from './pull-command.ts'

/** What this machine can run: `doctor`, and `models`. */
export function addMachineCommands(wiring: Wiring): void {
  const { io, result } = wiring
  addCommand(wiring, 'This lab and machine', 'doctor', 'what this machine can run, what is missing, and what to do')
    .option('--target <name>', 'the machine to look at', 'local')
    .action(async (options: DoctorOptions) => {
      result.exitCode = await (await import('./doctor-command.ts')).doctor(options, io)
    })
  addModelsCommands(wiring)
}

function addModelsCommands(wiring: Wiring): void {
  const { io, program } = wiring
  const models = program
    .command('models')
    .helpGroup('This lab and machine:')
    .helpCommand(false)
    .description('the model files of this lab: list, fetch and quantize them, remove what was fetched or made')
  const add = (usage: string, description: string) =>
    addCommand({ ...wiring, program: models }, 'This lab and machine', usage, description)
  add('list', 'models of the catalogues and files under data/models: where they are, how large, what fits').action(
    async (options: CommonOptions) => (await import('./models-command.ts')).listModels(options, io),
  )
  add('pull <name...>', 'fetch models: of the catalogues, hf:org/name[@revision][/file.gguf], ollama:name')
    .option('--offline', 'only look whether they are here')
    .action(async (names: string[], options: PullOptions) =>
      (await import('./pull-command.ts')).pullModels(names, options, io),
    )
  add('quantize <model>', 'quantize a model of the catalogues, into data/models/quantized')
    .option('--to <formats>', 'comma-separated: q2_k, q3_k_m, q4_0, iq4_xs, ...', 'q2_k,q3_k_m,q4_k_m,q5_k_m,q6_k,q8_0')
    .option('--from <quantization>', 'what to start from; by default f16, bf16 or f32')
    .action(async (model: string, options: QuantizeOptions) =>
      (await import('./models-command.ts')).quantizeModels(model, options, io),
    )
  add('rm <model> [quantization]', 'remove what was fetched, generated or quantized, never a file of your own')
    .option('--yes', 'without asking')
    .action(async (model: string, quantization: string | undefined, options: RemoveOptions) =>
      (await import('./models-command.ts')).removeModel(model, quantization, { options, io }),
    )
}
