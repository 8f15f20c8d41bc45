import { quantitySchema } from './quantity.ts'

/** How fast a memory can be read, as data sheets write it (`50GB/s`, `3.35 TB/s`), in bytes per second: more than zero. */
export const bandwidthSchema = quantitySchema({
  form: /^(\d{1,6}(?:\.\d{1,3})?) ?(GB|TB)\/s$/,
  units: { GB: 1e9, TB: 1e12 },
  what: 'a rate such as 50GB/s or 3.35TB/s',
})
