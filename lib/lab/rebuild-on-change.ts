type Parts = {
  build: () => Promise<void>
  /** Calls back on every change, until it is disposed of. */
  watch: (onChange: () => void) => Disposable
  /** Resolves a little later: what is saved in several steps is one change. */
  settle: () => Promise<void>
  /** Resolves when it is to end. */
  told: Promise<unknown>
}

/** Builds, and again after every change, until it is told to end; what changes while it builds is built afterwards. */
export async function rebuildOnChange({ build, watch, settle, told }: Parts): Promise<void> {
  let ended = false
  const end = told.then(() => void (ended = true))
  for (;;) {
    const change = Promise.withResolvers<void>()
    using _ = watch(() => change.resolve())
    await build()
    await Promise.race([change.promise, end])
    if (!ended) await Promise.race([settle(), end])
    if (ended) return
  }
}
