import { resolve } from 'node:path'
import { EmulatedServer } from '../emulator/emulated-server.ts'
import { readRecording } from '../emulator/read-recording.ts'
import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { quote } from '../parse/quote.ts'
import { checkEmulateArguments, type EmulateOptions } from './emulate-arguments.ts'
import { emulationSettings } from './emulation-settings.ts'
import { feel } from './feel.ts'
import { type Io, printJson } from './io.ts'

/** Serves until it is told to end. Ctrl-C is an interruption; SIGTERM is how a server ends. */
export async function emulate(options: EmulateOptions, io: Io): Promise<ExitCode> {
  checkEmulateArguments(options)
  const { config, set = [], fault = [], model: models = ['emulated', '*'], host = '127.0.0.1' } = options
  const at = (path: string) => resolve(io.cwd, path)
  const settings = { set, fault, ...(config !== undefined && { config: { file: config, path: at(config) } }) }
  const { given, ...emulation } = await emulationSettings(settings)
  const speed = numberFrom(options.speed ?? '1', { option: '--speed', least: 0.001, most: 1000 })
  const recording = options.replay === undefined ? undefined : readRecording(at(options.replay))
  if (options.feel !== undefined) {
    const rate =
      options.feel === true ? undefined : numberFrom(options.feel, { option: '--feel', least: 0.01, most: 10_000 })
    return await feel({ emulation, given, rate, recording, speed }, io, options.json === true)
  }
  const port = numberFrom(options.port ?? '0', { option: '--port', least: 0, most: 65_535, whole: true })
  await using server = await EmulatedServer.start({
    emulation,
    models,
    host,
    port,
    truthFile: options.truth === undefined ? undefined : at(options.truth),
    ...(recording !== undefined && { replay: { recording, speed } }),
    ...(options.verbose && { log: (line: string) => io.stderr(`${plain(line)}\n`) }),
  })
  const { url } = server
  if (options.json) printJson(io, { url, models, emulation })
  else {
    io.stdout(`${url}\n`)
    const model = plain(JSON.stringify(models[0]))
    const lines = [
      'use it in an experiment as (Ctrl-C ends it)',
      `  backends: { mine: { kind: openai, url: ${quote(url)} } }`,
      `  models: { mine: { artifacts: { any: { served: ${model} } } } }`,
    ]
    io.stderr(`${lines.join('\n')}\n`)
  }
  return (await io.whenTold()) === 'SIGTERM' ? exitCodes.ok : exitCodes.interrupted
}

type Limits = { option: string; least: number; most: number; whole?: true }

function numberFrom(text: string, { option, least, most, whole }: Limits): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (number >= least && number <= most && (whole === undefined || Number.isInteger(number))) return number
  throw new UserError(`${option} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, got ${quote(text)}`)
}
