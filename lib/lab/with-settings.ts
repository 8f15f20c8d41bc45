import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readLabSettings, settingsFile } from './lab-settings.ts'
import { findLab, type Place } from './lab.ts'

/** A place with the settings of its lab: those of `data/lab.yaml`, or all that is wrong with that; none where it is not there. */
export function withSettings<P extends Place>(place: P): P {
  const path = join(findLab(place.cwd).root, settingsFile)
  return existsSync(path) ? { ...place, settings: readLabSettings(path) } : place
}
