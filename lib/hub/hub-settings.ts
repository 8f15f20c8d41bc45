import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** How the hub is reached and where its files are kept: as Hugging Face's own programs have it. */
export type HubSettings = {
  /** Without a slash at its end. */
  endpoint: URL
  /** Sent to `endpoint` alone; never printed or kept. */
  token?: string
  /** `models--org--name` folders. */
  cache: string
  /** Nothing may be asked over the network. */
  offline: boolean
}

/** The settings of the environment; `cache` is the lab's own, where no variable names one. */
export function hubSettings(env: Environment, { cache }: { cache?: string | undefined } = {}): HubSettings {
  const home = hubHome(env)
  const token = tokenOf(env, home)
  return {
    endpoint: endpointOf(env),
    ...(token !== undefined && { token }),
    cache: hubCache(env, cache),
    offline: isOn(env['HF_HUB_OFFLINE']) || isOn(env['TRANSFORMERS_OFFLINE']),
  }
}

/** Where models of the hub are kept; needs no token and no endpoint. */
export function hubCache(env: Environment, cache?: string): string {
  const named = env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'] || cache
  return named ? resolve(withHome(named)) : join(hubHome(env), 'hub')
}

function hubHome(env: Environment): string {
  const { HF_HOME = '', XDG_CACHE_HOME = '' } = env
  if (HF_HOME !== '') return resolve(withHome(HF_HOME))
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'huggingface')
}

const withHome = (path: string) => path.replace(/^~(?=[/\\]|$)/, homedir())

const isOn = (value = '') => /^(1|on|yes|true)$/i.test(value.trim())

function endpointOf(env: Environment): URL {
  const text = env['HF_ENDPOINT']?.trim() || 'https://huggingface.co'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new UserError(
      'HF_ENDPOINT is no address such as https://huggingface.co (nor may it hold a password): correct it',
    )
  return new URL(url.href.replace(/\/+$/, ''))
}

function tokenOf(env: Environment, home: string): string | undefined {
  const given = env['HF_TOKEN'] || env['HUGGING_FACE_HUB_TOKEN']
  const token = (given ?? tokenFile(env['HF_TOKEN_PATH'] || join(home, 'token')))?.trim() ?? ''
  if (token === '') return undefined
  if (/^[\x21-\x7e]+$/.test(token)) return token
  const where = given === undefined ? plain(env['HF_TOKEN_PATH'] || 'the token file of Hugging Face') : 'HF_TOKEN'
  throw new UserError(`${where} holds what no token may: spaces or unseen characters`)
}

function tokenFile(path: string): string | undefined {
  try {
    return readFileSync(withHome(path), 'utf8').slice(0, 1000)
  } catch {
    return undefined
  }
}
