/**
 * Aborts a controller when a signal is aborted, with the same reason, also where that is so already. For a signal that has several
 * sources and is looked at now and then: what `AbortSignal.any` gives looks at its sources only when it is asked, and holds them weakly,
 * so that one that fired and was collected since is never seen (https://github.com/nodejs/node/pull/62367).
 */
export function abortWith(controller: AbortController, signal: AbortSignal): void {
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
}
