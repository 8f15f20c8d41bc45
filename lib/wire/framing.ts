/** How a body is cut into events: server-sent events, or lines of JSON; `undefined` of any other type. */
export function framingOf(contentType: string | undefined): 'events' | 'lines' | undefined {
  const [type = ''] = (contentType ?? '').split(';', 1)
  switch (type.trim().toLowerCase()) {
    case 'text/event-stream':
      return 'events'
    case 'application/x-ndjson':
    case 'application/ndjson':
    case 'application/jsonl':
    case 'application/json-lines':
      return 'lines'
    default:
      return undefined
  }
}
