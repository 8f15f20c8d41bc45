/** A name that every file system takes and no shell reads as anything else. */
export function fileName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')
  return plain === '' ? 'report' : plain
}
