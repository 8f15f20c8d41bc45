import { caikitVoices } from './caikit-script.ts'
import type { Voice } from './emulated-voice.ts'
import { llamaServerVoice } from './llama-server-script.ts'
import { ollamaVoices } from './ollama-script.ts'
import { openAiVoices } from './openai-script.ts'
import { tgiVoices } from './tgi-script.ts'

/** What is answered at which path, by POST. */
export const voices: Readonly<Record<string, Voice>> = {
  '/v1/chat/completions': openAiVoices.chat,
  '/v1/completions': openAiVoices.completion,
  '/api/chat': ollamaVoices.chat,
  '/api/generate': ollamaVoices.completion,
  '/completion': llamaServerVoice,
  '/generate_stream': tgiVoices.stream,
  '/generate': tgiVoices.whole,
  '/api/v1/task/server-streaming-text-generation': caikitVoices.stream,
  '/api/v1/task/text-generation': caikitVoices.whole,
}
