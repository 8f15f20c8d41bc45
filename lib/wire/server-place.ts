import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { ServerFacts } from '../domain/manifest.ts'

/** Where a server is, by what its host's name resolves to here: between us and one that is not on this machine is a network. */
export async function serverPlace(url: string): Promise<ServerFacts['place']> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const found = await lookup(host, { all: true }).catch(() => [])
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? [])
  const isHere = (address: string) => own.includes(address) || isLoopback(address)
  return found.length > 0 && found.every(({ address }) => isHere(address)) ? 'this-machine' : 'remote'
}

const isLoopback = (address: string) =>
  isIPv4(address) ? address.startsWith('127.') : address === '::1' || address.startsWith('::ffff:127.')
