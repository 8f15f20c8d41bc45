import type { RequestTimeline } from '../domain/timeline.ts'

/** Whether the client itself ended a request as its time was over: that is no error of the engine, and no answer. */
export const isCutOff = ({ outcome }: RequestTimeline): boolean =>
  outcome.status === 'failed' && outcome.reason === 'cut-off'
