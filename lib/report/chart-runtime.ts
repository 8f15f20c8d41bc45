import { build } from 'esbuild'
import { version } from 'vega'
import { licenceTexts } from './licence-texts.ts'

let bundled: Promise<string> | undefined

/** For the foot of the page; the licences themselves stand in the script. */
export const runtimeNotice = `Vega ${version}, © University of Washington Interactive Data Lab and contributors, BSD 3-Clause licence`

/**
 * The script that draws charts in the page: Vega with its interpreter, so that the page's policy needs no `unsafe-eval`.
 * Bundled once per process, from what is installed, with the licences of all that is in it.
 */
export function chartRuntime(): Promise<string> {
  bundled ??= bundle()
  return bundled
}

async function bundle(): Promise<string> {
  const result = await build({
    stdin: {
      contents: "export { parse, View } from 'vega'; export { expressionInterpreter } from 'vega-interpreter'",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'vega',
    platform: 'browser',
    target: 'es2022',
    charset: 'ascii', // no surprises in a page, whatever its encoding
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const script = result.outputFiles[0]?.text.trim()
  // What was given as text lies nowhere: of it the current folder would be told, which may be a package's.
  const inputs = Object.entries(Object.values(result.metafile.outputs)[0]?.inputs ?? {}).filter(
    ([file]) => file !== '<stdin>',
  )
  if (script === undefined) throw new Error('esbuild made no chart runtime')
  return licenceTexts(inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []))) + script
}
