import { readFileSync } from 'node:fs'
import { aboutJson } from '../../lib/emulator/emulated-about.ts'
import { jsonResponse, responseHead } from '../../lib/emulator/emulated-head.ts'
import { scriptedServer } from '../wire/scripted-server.ts'

export const recording = (file: string): Buffer => readFileSync(new URL(`../../data/streams/${file}`, import.meta.url))

/** An output of so many tokens has no end where recordings are played. */
export const endlessTokens = 20_000

/** What is played: to who asks for a completion, for a chat, and to every second request where some are to fail. */
export type Played = { completion: string; chat?: string; failing?: string }

/**
 * A server that says of itself what an emulated one does, and answers all that it is asked with a recorded response. Whoever asks
 * for `endlessTokens` gets the first half.
 */
export function recordedServer({ completion, chat = completion, failing }: Played): ReturnType<typeof scriptedServer> {
  let asked = 0
  return scriptedServer(async (visit) => {
    for (;;) {
      const request = await visit.request()
      const [method = '', path = ''] = request.split(' ', 2)
      const body = request.slice(request.indexOf('\r\n\r\n') + 4)
      const played = recording(path.includes('chat') ? chat : completion)
      if (path === '/health') await visit.write(responseHead(200, { 'content-length': 0 }))
      else if (method === 'GET' || path === '/api/show') await visit.write(saidOfItself({ method, path, body }))
      else if (body.includes(String(endlessTokens))) await visit.write(halfOf(played))
      else await visit.write(failing !== undefined && asked++ % 2 === 1 ? recording(failing) : played)
    }
  })
}

export function saidOfItself(asked: { method: string; path: string; body: string }): string {
  const said = aboutJson(asked, { models: ['*'], createdS: 0, running: () => ({ models: [] }) })
  return said === undefined ? jsonResponse(404, '{}') : jsonResponse(200, JSON.stringify(said))
}

const halfOf = (bytes: Buffer) => bytes.subarray(0, (bytes.indexOf('\r\n\r\n') + bytes.length) >> 1)
