import { quantitySchema } from './quantity.ts'

/** A size as people write it (`8GB`, `512 MiB`, `1.5TB`), in bytes: more than zero. */
export const byteSizeSchema = quantitySchema({
  form: /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB|MiB|GiB|TiB)$/,
  units: { MB: 1e6, GB: 1e9, TB: 1e12, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  what: 'a size such as 8GB or 512MiB',
})
