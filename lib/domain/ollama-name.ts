/** `[host/][namespace/]model[:tag]`: a name as Ollama takes it, which is safe to make a path of. */
export const ollamaName =
  /^(?:[A-Za-z0-9][\w.-]*(?::\d+)?\/)?(?:[A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*(?::[A-Za-z0-9][\w.-]*)?$/
