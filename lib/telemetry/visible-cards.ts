/**
 * Whether `CUDA_VISIBLE_DEVICES` lets an engine see a card: by its index, or by its id or the beginning of that; nothing after what is
 * neither. CUDA counts the fastest first and the driver as they are plugged in, so that on a machine with cards of several kinds
 * an index is only right with `CUDA_DEVICE_ORDER=PCI_BUS_ID`.
 */
export function isVisible({ id, index }: { id: string; index: number }, visible: string | undefined): boolean {
  if (visible === undefined) return true
  const entries = visible.split(',').map((entry) => entry.trim())
  const end = entries.findIndex((entry) => !/^\d+$|^(MIG-)?GPU-[0-9a-f]/i.test(entry))
  return (end < 0 ? entries : entries.slice(0, end)).some((entry) =>
    /^\d+$/.test(entry) ? Number(entry) === index : isIdOf(entry, id),
  )
}

/** `MIG-GPU-1f2e…/1/0` is a part of that card. */
function isIdOf(entry: string, id: string): boolean {
  const card = entry.replace(/^MIG-(?=GPU-)/i, '').split('/')[0] ?? ''
  return id.toLowerCase().startsWith(card.toLowerCase())
}
