// The client, calibrated in a process of its own: the last line that it writes says what it adds by itself.
import { calibrate } from './calibrate.ts'
import { takePrecedence } from './precedence.ts'

const precedence = await takePrecedence()
const calibration = await calibrate((line) => process.stderr.write(`${line}\n`))
process.stdout.write(`${JSON.stringify({ ...calibration, precedence })}\n`, () => process.exit(0))
