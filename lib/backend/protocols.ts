import type { ServerConfig } from '../domain/backend-config.ts'
import { caikitGrpcProtocol } from './caikit-grpc-protocol.ts'
import type { WorkloadConfig } from '../domain/cell.ts'
import { caikitProtocol } from './caikit-protocol.ts'
import { llamaServerChats, llamaServerProtocol } from './llama-server-protocol.ts'
import { ollamaProtocol } from './ollama-protocol.ts'
import { llamaCppPythonProtocol, transformersProtocol, vllmProtocol } from './openai-dialects.ts'
import { openAiProtocol } from './openai-protocol.ts'
import type { Protocol } from './protocol.ts'
import { tgiChats, tgiProtocol } from './tgi-protocol.ts'
import { tgisProtocol } from './tgis-protocol.ts'

/** Which protocol each kind of server is asked with for what; a new one is a file and a line here. */
const protocols: Readonly<Record<ServerConfig['kind'], { completion: Protocol; chat: Protocol }>> = {
  openai: { completion: openAiProtocol, chat: openAiProtocol },
  emulator: { completion: openAiProtocol, chat: openAiProtocol },
  vllm: { completion: vllmProtocol, chat: vllmProtocol },
  'transformers-serve': { completion: transformersProtocol, chat: transformersProtocol },
  'llama-server': { completion: llamaServerProtocol, chat: llamaServerChats },
  'llama-cpp-python': { completion: llamaCppPythonProtocol, chat: llamaCppPythonProtocol },
  ollama: { completion: ollamaProtocol, chat: ollamaProtocol },
  tgi: { completion: tgiProtocol, chat: tgiChats },
  tgis: { completion: tgisProtocol, chat: tgisProtocol },
  caikit: { completion: caikitGrpcProtocol, chat: caikitGrpcProtocol },
  'caikit-http': { completion: caikitProtocol, chat: caikitProtocol },
}

/** How a kind of server is asked for a workload; what is no chat is asked for as a completion, or refused. */
export const protocolOf = (kind: ServerConfig['kind'], workload: WorkloadConfig['kind']): Protocol =>
  protocols[kind][workload === 'chat' ? 'chat' : 'completion']
