import type { Voice } from './emulated-voice.ts'
import { ollamaVoices } from './ollama-script.ts'
import { openAiVoices } from './openai-script.ts'

/** What is answered at which path, by POST. */
export const voices: Readonly<Record<string, Voice>> = {
  '/v1/chat/completions': openAiVoices.chat,
  '/v1/completions': openAiVoices.completion,
  '/api/chat': ollamaVoices.chat,
  '/api/generate': ollamaVoices.completion,
}
