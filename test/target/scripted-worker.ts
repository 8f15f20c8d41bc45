import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const spool = process.argv[2] as string
const say = (line: string) => appendFileSync(join(spool, 'records.ndjson'), `${line}\n`)
process.on('SIGTERM', () => {
  say('SIGTERM')
  process.stderr.write('a last word\n')
  process.exit()
})
writeFileSync(join(spool, 'claim'), JSON.stringify({ pid: process.pid }))
say('ready')
setInterval(() => {}, 1000)
