import { findLab, type Place } from '../lab/lab.ts'
import { withSettings } from '../lab/with-settings.ts'

/** A notebook works from the folder of its lab, wherever in it the notebook lies: files are named as seen from there. */
export function notebookPlace(): Place {
  return withSettings({ env: process.env, cwd: findLab(process.cwd()).root })
}
