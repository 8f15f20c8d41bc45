import { asksServer, type BackendConfig } from '../domain/backend-config.ts'

// The driver's memory is measured as the engine's: its own garbage is to stay small, and is collected before each trial.
const engineFlags = ['--expose-gc', '--max-semi-space-size=2']

/**
 * For a client of servers, which is to have short pauses while stamps are taken: the less room new objects have, the shorter each is,
 * for about the same CPU. (At 12,800 events/s the median one was 0.5 ms with 2 MB, 2.1 with 8 and 3.4 with Node's own 16; at 25,600
 * the 99th percentile of what events were late by was 1.0 to 1.2 ms with 2 MB and 0.8 to 0.9 with 1.) Threads that help to collect
 * run when their turn comes, and the one that stamps would wait for them. What is calibrated runs as what measures.
 */
export const clientFlags = ['--expose-gc', '--max-semi-space-size=1', '--single-threaded-gc']

export const driverFlags = (backend: BackendConfig) => (asksServer(backend) ? clientFlags : engineFlags)
