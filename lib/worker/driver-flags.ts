// The driver's memory is measured as the engine's: its own garbage is to stay small, and is collected before each trial. What is
// calibrated runs as what measures.
export const driverFlags = ['--expose-gc', '--max-semi-space-size=2']
