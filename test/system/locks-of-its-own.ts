import { testLocksVariable } from '../../lib/shell/named-lock.ts'

// Set up before each file that runs beside others: their launches do not wait for each other.
process.env[testLocksVariable] = `${process.pid}-`
