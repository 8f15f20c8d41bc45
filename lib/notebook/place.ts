import { findLab, type Place } from '../lab/lab.ts'

/** A notebook works from the folder of its lab, wherever in it the notebook lies: files are named as seen from there. */
export function notebookPlace(): Place {
  return { env: process.env, cwd: findLab(process.cwd()).root }
}
