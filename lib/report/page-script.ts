import { posix } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { UserError } from '../domain/user-error.ts'

/**
 * The script `entry` of a page with all that it imports, as one text that can stand in the page. `scripts` are the modules
 * of `reports/scripts` by file name. Throws a `UserError` where a module of a lab cannot be read.
 */
export async function pageScript(scripts: Readonly<Record<string, string>>, entry: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      plugins: [modulesOf(scripts)],
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
    })
    return outputFiles[0]?.text.trim() ?? ''
  } catch (error) {
    const { message } = error as Error
    throw new UserError(`the scripts in reports/scripts do not fit together: ${message}`, undefined, { cause: error })
  }
}

/** Modules come from `scripts` alone: nothing is read from disk. */
function modulesOf(scripts: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'reports/scripts',
    setup(bundle) {
      bundle.onResolve({ filter: /.*/ }, ({ path }) => ({ path: posix.basename(path), namespace: 'scripts' }))
      bundle.onLoad({ filter: /.*/, namespace: 'scripts' }, ({ path }) => {
        const contents = Object.hasOwn(scripts, path) ? scripts[path] : undefined
        return contents === undefined
          ? { errors: [{ text: `reports/scripts has no ${path}` }] }
          : { contents, loader: 'js' }
      })
    },
  }
}
