import { shuffled } from '../domain/seeded.ts'

// Readable where somebody looks on, and ASCII alone: a character is a byte, so that a frame's length is known before it is encoded.
const sentences = `
The tide comes in twice a day whether anyone is watching or not.
A good clock does not hurry when the room is full.
Somebody had left a bicycle against the wall of the old post office.
She counted the steps to the lighthouse and wrote the number on her sleeve.
Rain fell on the harbour and the boats turned slowly to face the wind.
The baker opens before dawn and is asleep again by noon.
There are more bridges in this town than streets that need them.
He asked for directions and was given a story instead.
Every spring the river takes a little of the garden away.
The map was accurate but it was drawn for another season.
They argued about the weight of the moon until the tea was cold.
A cat sat in the window and kept an eye on the traffic.
Nobody remembers who planted the apple trees along the railway.
The orchestra tuned for so long that the audience began to clap.
Snow makes the fields look like paper on which nothing has been written.
The train was four minutes late and arrived four minutes early at the next stop.
An honest scale is worth more than a heavy purse.
The children built a boat from a door and two barrels.
On market days the square smells of oranges and wet stone.
He repaired watches and never once knew what time it was.
The library lends umbrellas and most of them come back.
A letter took nine days to cross the street.
The mountain looks closer in the evening and farther in the morning.
She plays the same song each night and it is never the same.
The ferry carries twelve cars or forty sheep or one very large piano.
Someone painted the fence blue and nobody has admitted it.
The soup was better on the second day and gone on the third.
A dog barked at the echo and the echo barked back.
They measured the room twice and the answers did not agree.
The last lamp on the pier burns all night for no ship in particular.
`
  .trim()
  .split('\n')
  .map((sentence) => sentence.split(' ').map((word) => ` ${word}`))

/** Exactly `tokens` tokens of text, each a word with the space before it. */
export function emulatedTokens(seed: number, tokens: number): string[] {
  const words: string[] = []
  for (let round = 0; words.length < tokens; round += 1)
    for (const sentence of shuffled(sentences, seed + round)) {
      if (words.length >= tokens) break
      words.push(...sentence)
    }
  return words.slice(0, tokens)
}

/** As the emulated server counts: words, split where there is white space. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}
