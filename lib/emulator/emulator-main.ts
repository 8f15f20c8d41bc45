// The emulated server as a child process: its options come as the first message, what it answers is where it listens. It ends
// with its parent.
import { UserError } from '../domain/user-error.ts'
import { tellParent } from '../shell/tell-parent.ts'
import { EmulatedServer, type ServerOptions } from './emulated-server.ts'

/** What the parent is told. */
export type EmulatorMessage =
  | { kind: 'listening'; url: string }
  | { kind: 'refused'; message: string; exitCode: number }

const tell = (message: EmulatorMessage) => tellParent(message)
process.stderr.on('error', () => {})
process.on('SIGINT', () => {}) // the terminal's Ctrl-C is for the parent, who ends this
process.once('message', (options: Omit<ServerOptions, 'log'>) => void serve(options))

async function serve(options: Omit<ServerOptions, 'log'>): Promise<void> {
  try {
    const server = await EmulatedServer.start(options)
    process.once('disconnect', () => void end(server))
    process.once('SIGTERM', () => void end(server))
    tell({ kind: 'listening', url: server.url })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    tell({ kind: 'refused', message: error.message, exitCode: error.exitCode })
    process.disconnect()
  }
}

async function end(server: EmulatedServer): Promise<void> {
  await server[Symbol.asyncDispose]()
  process.exit(0)
}
