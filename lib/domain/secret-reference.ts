type Found = { status: 'ok'; secret: string } | { status: 'missing'; why: string }

/**
 * The secret that a reference such as `${env:NAME}` stands for, or in words why there is none; never what a variable holds. `at`: the
 * setting that refers to it.
 */
export function secretOf(
  reference: string,
  env: Readonly<Record<string, string | undefined>>,
  at = 'backend.apiKey',
): Found {
  const name = reference.replace(/^\$\{env:|\}$/g, '')
  const missing = (why: string) => ({ status: 'missing', why: `${at} is ${reference}, and ${name} ${why}` }) as const
  const secret = env[name]?.trim() ?? ''
  if (secret === '') return missing('is not set: set it where benchbook runs')
  if (!/^[\x21-\x7e]+$/.test(secret)) return missing('holds what no bearer token may: spaces or unseen characters')
  return { status: 'ok', secret }
}
