const newline = 10

/** The lines of what comes in pieces, as bytes without their ends; one that is longer than `most` is cut a little after that, and is the last. */
export async function* byteLines(pieces: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  let length = 0
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      yield Buffer.concat([...rest, piece.subarray(start, end)])
      rest = []
      length = 0
      start = end + 1
    }
    rest.push(piece.subarray(start))
    length += piece.length - start
    if (length > most) break
  }
  if (length > 0) yield Buffer.concat(rest)
}
