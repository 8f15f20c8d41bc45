import { plain } from '../domain/plain.ts'
import { orThrow } from '../parse/problem.ts'
import { tellProgram } from '../shell/tell-program.ts'
import { findLab, type Place } from './lab.ts'

/** How a run ended: the document that is told of it. */
export type Finish = {
  plan: string
  experiment: string
  title: string
  /** `failed`: it is complete, and trials failed. `refused`: a guard, a lock or the lack of something ended it. */
  status: 'complete' | 'failed' | 'interrupted' | 'refused' | 'error'
  exitCode: number
  trials: { all: number; ok: number; invalid: number; failed: number; open: number }
  /** Relative to the lab. */
  report?: string
  durationMs: number
}

/** Tells of the end of a run; resolves with a warning where that failed. */
export type FinishHook = (finish: Finish, signal: AbortSignal) => Promise<string | undefined>

const version = 1
const commandMs = 30_000
const webhookMs = 10_000
const reference = /\$\{env:([^}]*)\}/g
const where = 'finish in data/lab.yaml'

/**
 * What the lab's settings have told of the end of a run. `undefined` where they have nothing told; a warning where that will
 * not work. What a `${env:NAME}` stands for may be a secret: no message has it.
 */
export function finishHook(place: Place): FinishHook | { warning: string } | undefined {
  const finish = place.settings && orThrow(place.settings).finish
  if (finish === undefined) return undefined
  const texts = 'command' in finish ? finish.command : [finish.webhook]
  const names = texts.flatMap((text) => [...text.matchAll(reference)].map(([, name = '']) => name))
  const unset = names.filter((name) => !place.env[name])
  if (unset.length > 0)
    return {
      warning: `${where} names ${unset.map(plain).join(', ')}, not set in the environment: nobody will be told of the end`,
    }
  const resolved = texts.map((text) => text.replace(reference, (_, name: string) => place.env[name] ?? ''))
  const secrets = names.map((name) => place.env[name] ?? '')
  return 'command' in finish ? commandHook(resolved, secrets, place) : webhookHook(resolved[0] ?? '')
}

function commandHook(argv: readonly string[], secrets: readonly string[], place: Place): FinishHook {
  return async (finish, signal) => {
    const told = await tellProgram(argv, {
      input: documentOf(finish),
      env: environmentOf(finish),
      cwd: findLab(place.cwd).root,
      timeoutMs: commandMs,
      signal,
    })
    if (told.status === 'ok') return undefined
    const lastLine = told.stderr.trim().split('\n').at(-1) ?? ''
    const said = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), lastLine)
    return `${where}: the command ${told.why}${said === '' ? '' : `: ${plain(said)}`}`
  }
}

function webhookHook(url: string): FinishHook {
  return async (finish, signal) => {
    const within = AbortSignal.timeout(webhookMs)
    try {
      const headers = { 'content-type': 'application/json' }
      const all = AbortSignal.any([within, signal])
      const { ok, status } = await fetch(url, { method: 'POST', headers, body: documentOf(finish), signal: all })
      return ok ? undefined : `${where}: the web hook answered ${status}`
    } catch (error) {
      if (within.aborted) return `${where}: the web hook did not answer within ${webhookMs / 1000} s`
      return `${where}: the web hook was not reached (${reasonOf(error)})`
    }
  }
}

/** A code and no message, which may have the address. */
function reasonOf(error: unknown): string {
  const { name, code, cause } = error as Error & { code?: string }
  return code ?? (cause === undefined ? name : reasonOf(cause))
}

const documentOf = (finish: Finish) => JSON.stringify({ benchbook: version, ...finish })

function environmentOf({ plan, experiment, status, exitCode, report }: Finish): Record<string, string> {
  return {
    BENCHBOOK_PLAN: plan,
    BENCHBOOK_EXPERIMENT: experiment,
    BENCHBOOK_STATUS: status,
    BENCHBOOK_EXIT_CODE: String(exitCode),
    ...(report !== undefined && { BENCHBOOK_REPORT: report }),
  }
}
