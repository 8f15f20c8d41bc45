// The driver's memory is measured as the engine's: its own garbage is to stay small, and is collected before each trial. What is
// calibrated runs as what measures. A client of servers has short pauses of it too, while stamps are taken: at 12,800 events/s the
// median one was 0.5 ms with 2 MB, 1.0 with 4, 2.1 with 8 and 3.4 with Node's own 16, all for the same CPU.
export const driverFlags = ['--expose-gc', '--max-semi-space-size=2']
