import { createServer } from 'node:net'

/** A port of 127.0.0.1 that is free now. */
export const freePort = (): Promise<number> => listening(0)

/** Whether a program could listen on a port of 127.0.0.1 now. */
export const isFree = (port: number): Promise<boolean> =>
  listening(port).then(
    () => true,
    () => false,
  )

function listening(port: number): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
