import { emulatedVersion as version } from '../domain/emulation.ts'
import { bodyOf, hasModel } from './emulated-ask.ts'

type Asked = { method: string; path: string; body: string }
type Server = { models: readonly string[]; createdS: number; running: () => { models: object[] } }

/** More than anybody asks for. */
const contextSize = 1_000_000

/** What the server says of itself and of its models, in each protocol's form; `undefined` where nothing is said at a path. */
export function aboutJson({ method, path, body }: Asked, server: Server): object | undefined {
  if (method === 'GET') return said[path]?.(server)
  return method === 'POST' && path === '/api/show' ? shown(body, server) : undefined
}

const said: Readonly<Record<string, (server: Server) => object>> = {
  '/version': () => ({ version }),
  '/v1/models': ({ models, createdS }) => ({
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: createdS, owned_by: 'benchbook' })),
  }),
  '/api/version': () => ({ version }),
  '/api/tags': ({ models }) => ({ models: models.map(tagged) }),
  '/api/ps': ({ running }) => running(),
  '/props': () => ({ default_generation_settings: { n_ctx: contextSize }, total_slots: 1, build_info: version }),
  '/info': ({ models }) => ({ model_id: models.at(-1), version, max_total_tokens: contextSize }),
  '/info/version': () => ({ runtime_version: version, python_packages: { caikit: version } }),
  '/info/models': ({ models }) => ({ models: models.map((name) => ({ name, loaded: true, module_id: version })) }),
}

const details = { format: 'emulated', family: 'emulated', parameter_size: '0', quantization_level: 'none' }
const tagged = (name: string) => ({ name, model: name, size: 0, digest: '', details })

function shown(text: string, { models }: Server): object | undefined {
  const model = bodyOf(text)?.['model']
  if (typeof model !== 'string' || !hasModel(models, model)) return undefined
  return { details, model_info: { 'general.architecture': 'emulated' }, capabilities: ['completion'] }
}
