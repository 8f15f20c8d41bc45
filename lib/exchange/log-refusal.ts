/** Why a log is not taken: what a user is told, after the file's name. */
export class LogRefusal extends Error {}
