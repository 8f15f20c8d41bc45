import type { EmulatedRequest, Emulation } from '../domain/emulation.ts'
import type { Ask } from './emulated-ask.ts'
import type { Voice } from './emulated-voice.ts'
import { openAiVoices } from './openai-script.ts'
import { EmulatedWire } from './emulated-wire.ts'
import { EmulatedWork } from './emulated-work.ts'
import { jsonHead, streamHead } from './emulated-head.ts'
import { StreamedResponse } from './streamed-response.ts'
import { WholeResponse } from './whole-response.ts'
import { Agenda } from './agenda.ts'
import { requestTruth } from './request-truth.ts'
import type { ReceivedRequest } from './request-reader.ts'

const mostCanned = 256

/** Whether a server takes no time: what it answers is made beforehand, and leaves in one write. */
export function isNullServer({ firstTokenMs, promptTokenMs, tokenMs, faults }: Emulation): boolean {
  return firstTokenMs === 0 && promptTokenMs === 0 && tokenMs === 0 && faults.length === 0
}

type Canned = Pick<EmulatedRequest, 'text' | 'tokens' | 'usage'> & { body: string }

/** The bodies that a server without time gives: request 0's for everybody, one for each kind of question. */
export class CannedResponses {
  readonly #emulation: Emulation
  readonly #bodies = new Map<string, Canned>()

  constructor(emulation: Emulation) {
    this.#emulation = { ...emulation, slots: 1 }
  }

  /** Answers at once; what was done. */
  answer(
    number: number,
    ask: Ask,
    { request, wire, voice }: { request: ReceivedRequest; wire: EmulatedWire; voice: Voice },
  ): EmulatedRequest {
    const { body, ...said } = this.#canned(ask, request, voice)
    const head = ask.stream ? streamHead(number, voice.framing.type) : jsonHead(200, body, { 'x-request-id': number })
    wire.write(head + body, request.arrivalNs, said.tokens)
    const cachedTokens = Math.floor(this.#emulation.cached * ask.promptTokens)
    return { ...requestTruth({ number, ask, request, wire }), startNs: 0, cachedTokens, ...said, end: 'whole' }
  }

  #canned(ask: Ask, request: ReceivedRequest, voice: Voice): Canned {
    const key = request.path + JSON.stringify(ask)
    const known = this.#bodies.get(key)
    if (known !== undefined) return known
    if (this.#bodies.size >= mostCanned) this.#bodies.clear()
    const made = this.#make(ask, request, voice)
    this.#bodies.set(key, made)
    return made
  }

  #make(ask: Ask, request: ReceivedRequest, voice: Voice): Canned {
    const { written, truth } = inNoTime(this.#emulation, { ask, request, voice })
    const { text, tokens, usage } = truth
    const body = written.slice(written.indexOf('\r\n\r\n') + 4)
    return { body, text, tokens, ...(usage !== undefined && { usage }) }
  }
}

/** All that a response to request 0 writes, without waiting for anything. */
function inNoTime(
  emulation: Emulation,
  { ask, request, voice }: { ask: Ask; request: ReceivedRequest; voice: Voice },
): { written: string; truth: EmulatedRequest } {
  const written: string[] = []
  const write = (text: string) => void written.push(text)
  const agenda = new Agenda()
  const make = ask.stream ? StreamedResponse : WholeResponse
  const response = new make({
    number: 0,
    ask,
    voice,
    request,
    emulation,
    fault: undefined,
    wire: new EmulatedWire({ writable: true, write, end: never, resetAndDestroy: never }, request.arrivalNs, () => 0),
    work: new EmulatedWork(emulation, agenda),
    createdS: Math.floor(Date.now() / 1000),
    onEnd: never,
  })
  response.begin()
  for (let due = agenda.take(Infinity); due !== undefined; due = agenda.take(Infinity)) due.run()
  return { written: written.join(''), truth: response.stop('whole', request.arrivalNs) }
}

const never = () => {}

/** Answers to nobody, so that the code is compiled before the first request comes, which it would make late by 10 ms. */
export function warmUp(emulation: Emulation): void {
  const request: ReceivedRequest = { method: 'POST', path: '', headers: {}, body: '', arrivalNs: 0 }
  const body = JSON.stringify({ model: '', prompt: '', messages: [{ content: '' }], stream: true, max_tokens: 500 })
  for (const voice of Object.values(openAiVoices)) {
    const ask = voice.readAsk(body, [''])
    if (!('status' in ask)) JSON.stringify(inNoTime(emulation, { ask, request, voice }).truth)
  }
}
