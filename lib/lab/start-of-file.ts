import { open } from 'node:fs/promises'

/** The first bytes of a file as text; empty where it is not there, is empty, or cannot be read. */
export async function startOfFile(path: string, bytes: number): Promise<string> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  }
}
