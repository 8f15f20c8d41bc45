import { readFileSync } from 'node:fs'

/** The version in package.json, which lies equally deep over lib/cli and dist/cli. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
