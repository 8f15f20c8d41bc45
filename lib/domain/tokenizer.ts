/** Counts the tokens of a text, without those that a template or a server puts around it. */
export type Tokenizer = { count: (text: string) => number }

/** One that was read from a file, with the SHA-256 of its content in hex. */
export type ReadTokenizer = { tokenizer: Tokenizer; digest: string }

/** The name of the tokenizer that needs no file: each run of characters that are not white space is a token. */
export const wordsName = 'words'
