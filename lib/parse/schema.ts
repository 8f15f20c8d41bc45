/** The door to zod: parse/ owns the package, and every other folder that describes data from outside takes `z` from here. */
export { z } from 'zod'
