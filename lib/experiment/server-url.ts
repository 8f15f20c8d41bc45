import { z } from '../parse/schema.ts'

/** A password may come without a name: `http://:secret@host`. */
const hasUser = ({ username, password }: URL) => username !== '' || password !== ''

/** Without the address, which may have a password in it. */
function addressAmiss(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return undefined // said already
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `must begin with http:// or https://, got ${url.protocol}${text.startsWith(`${url.protocol}//`) ? '//' : ''}`
  if (!/[?#]|\/v1(?:\/|$)/.test(text) && !hasUser(url)) return undefined
  return 'is the address without /v1, user, password, query and fragment, such as http://127.0.0.1:8000'
}

/** An address of a server over HTTP. */
export const serverUrl = z
  .url('must be an address such as http://127.0.0.1:8000')
  .max(2000)
  .superRefine((address, context) => {
    const message = addressAmiss(address)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

/** gRPC has schemes of its own: such servers have a port for HTTP besides, which is another. */
export const grpcUrl = z
  .url('must be an address such as grpc://127.0.0.1:8033')
  .max(2000)
  .superRefine((address, context) => {
    const parsed = URL.parse(address)
    if (parsed === null || (/^grpcs?:$/.test(parsed.protocol) && isBareAddress(address, parsed))) return
    const message = 'must be an address such as grpc://127.0.0.1:8033, or grpcs:// with TLS: without user, path, query'
    context.addIssue({ code: 'custom', message })
  })

const isBareAddress = (text: string, parsed: URL) =>
  !/[?#]/.test(text) && !hasUser(parsed) && /^\/?$/.test(parsed.pathname)
