import { spawn } from 'node:child_process'
import { once } from 'node:events'

type Surroundings = { platform: NodeJS.Platform; env: Readonly<Record<string, string | undefined>> }
type Opened = { status: 'opened' } | { status: 'not opened'; reason: string }

/**
 * Shows a file to whoever sits at the machine, with the program that the system has for it; no shell sees its name. In CI
 * and where there is no display nothing is started.
 */
export async function openFile(path: string, { platform, env }: Surroundings): Promise<Opened> {
  const reason = whyNobodyLooks({ platform, env })
  if (reason !== undefined) return { status: 'not opened', reason }
  const program = openers[platform] ?? 'xdg-open'
  const child = spawn(program, [path], { detached: true, stdio: 'ignore', shell: false, env: { ...env } })
  try {
    await once(child, 'spawn')
    child.unref()
    return { status: 'opened' }
  } catch {
    return { status: 'not opened', reason: `there is no ${program} here` }
  }
}

const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer.exe' }

function whyNobodyLooks({ platform, env }: Surroundings): string | undefined {
  if (isSet(env['CI'])) return 'CI is set'
  const display = isSet(env['DISPLAY']) || isSet(env['WAYLAND_DISPLAY'])
  if (isSet(env['SSH_CONNECTION']) && !display) return 'this is an SSH session without a display'
  return platform === 'darwin' || platform === 'win32' || display ? undefined : 'there is no display'
}

const isSet = (value: string | undefined) => value !== undefined && value !== ''
