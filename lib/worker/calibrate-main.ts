// The client, calibrated in a process of its own: the last line that it writes says what it adds by itself.
import { calibrate } from './calibrate.ts'

const calibration = await calibrate((line) => process.stderr.write(`${line}\n`))
process.stdout.write(`${JSON.stringify(calibration)}\n`, () => process.exit(0))
