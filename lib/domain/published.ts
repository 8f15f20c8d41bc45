/** A language that reports are written in. */
export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]
/** The same said in each language. */
export type Said = Readonly<Record<Language, string>>

/**
 * What a column of a published table is: `key` names the row, `measured` was measured, `derived` was computed of other cells, and
 * `fact` is what else is told (a price, a size, a name).
 */
export type ColumnRole = 'key' | 'measured' | 'derived' | 'fact'

export type PublishedColumn = {
  /** As formulas and posts name it: `tokens_per_second`. */
  name: string
  title: Said
  /** Absent where it has none, as names and ratios have. */
  unit?: string
  role: ColumnRole
  /** How a derived cell follows from others (`lib/verdict/formula.ts` has their language). */
  formula?: string
  /** What a cell that is none is held to: an input, against other inputs or the catalogue. */
  check?: string
  /** Decimals that the post says its cells have: those that end in 0 may be printed with fewer. */
  decimals?: number
  /** Of the post's text, where it has the table sideways: a line for each column. */
  line?: number
}

/** A row of a published table: its cells as they were printed, an empty text where the post has nothing. */
export type PublishedRow = {
  /** Of the post's text, counted from 1; absent where the post has it as a picture or a list. */
  line?: number
  cells: Readonly<Record<string, string>>
}

export type PublishedTable = {
  name: string
  /** As the post calls it ("Table 3"); absent where it has no name there. */
  number?: string
  title: Said
  /** Made beside the post: computed of its figures, or measured here. No claim of the post, and not in `v_published`. */
  own?: true
  /** Said below it: of what was measured here, when, with what and on what. */
  remark?: Said
  columns: readonly PublishedColumn[]
  rows: readonly PublishedRow[]
}

/** A sentence of a post that states a result, in our own words; what it is held to, or why that cannot be done. */
export type PublishedClaim = {
  id: string
  says: Said
  /** Of the post's text, counted from 1. */
  lines: readonly number[]
} & (
  | {
      /** What follows from the tables, and is compared with `printed`. */
      formula: string
      printed: string
      unit?: string
    }
  | {
      /** A comparison that holds or does not. */
      test: string
    }
  | { untestable: Said }
)

/**
 * What is known of a claim or a cell that differs. `of` is a claim's id, or `table/key of the row/column` of a derived cell; `lines`
 * are those that disagree.
 */
export type PublishedSlip = { of: string; cause: Said; lines: readonly number[] }

/** Something that a reader should know of a post's figures, in our own words. */
export type PublishedNote = { says: Said; lines: readonly number[] }

type Captioned = { title?: Said; subtitle?: Said; alt?: Said }
type OfTable = Captioned & {
  table: string
  /** Keys of the rows that are shown; all without it. */
  rows?: readonly string[]
  /** A column with what rows are called, or one for each language; the key without it. */
  labels?: string | Said
}

/** A chart of a post's figures: columns and rows by their names (`lib/published/figure-schema.ts` says what each is). */
export type PublishedFigure =
  | (OfTable & {
      kind: 'bars'
      /** All of one unit: each is a panel of bars, in this order. */
      columns: readonly string[]
      /** The table's order without it; of several columns, by the first. */
      sort?: 'table' | 'most-first' | 'least-first'
      /** Rows that stand out, by their keys. */
      marked?: readonly string[]
      /** Cells, as `row/column`, that an engine reserved rather than needed. */
      reserved?: readonly string[]
    })
  | (OfTable & {
      kind: 'points'
      x: string
      y: string
      /** The row that others are held to: a line shows as much y for each x as it has. */
      base?: string
      /** Both columns as multiples of the base's. */
      relative?: boolean
      /** A line through the rows that have the most y at their x or below, and the others hollow. */
      frontier?: boolean
      /** A column whose values have a colour and a shape each. */
      series?: string
      /** More columns for the table. */
      also?: readonly string[]
    })
  | (OfTable & { kind: 'marginal'; price: string; performance: string; base: string })
  | (OfTable & { kind: 'cost'; throughput: string; cost: string; time?: string; series?: string })
  | (Captioned & { kind: 'reading-band'; comfortable: number; tooFast: number })
  | (Captioned & {
      kind: 'bits-sizes'
      models: readonly { name: string; parameters: number }[]
      bits: readonly number[]
    })
  | (Omit<OfTable, 'rows'> & { kind: 'bits-ladder'; bits: string; bytes: string; perplexity: string })

/** A post's figures as data. No sentence of it is here. */
export type PublishedPost = {
  /** As `published:` of an experiment names it. */
  name: string
  title: Said
  source: { title: string; by?: string; url?: string; date?: string; measured?: string }
  tables: readonly PublishedTable[]
  /** By the name that its page calls them by. */
  figures: Readonly<Record<string, PublishedFigure>>
  claims: readonly PublishedClaim[]
  slips: readonly PublishedSlip[]
  notes: readonly PublishedNote[]
}

/** What is known of a machine or a card, by its name in `data/hardware.yaml`. */
export type HardwareFacts = {
  title: string
  kind: 'gpu' | 'machine' | 'instance'
  gpus?: { name: string; count: number }
  memoryGb?: number
  vramGb?: number
  busBits?: number
  /** Of memory, in 10⁹ bytes a second. */
  bandwidthGbS?: number
  cores?: number
  tdpW?: number
  /** As it is engraved, without its revision: GA102-300. */
  chip?: string
  transistorsBillion?: number
  dieMm2?: number
  shaders?: number
  tensorCores?: number
  l2Mb?: number
  released?: string
  price?: HardwarePrice
  source: string
  date: string
}
/** In US dollars, with where it was read and when. */
export type HardwarePrice = { source: string; date: string } & ({ usd: number } | { usdPerHour: number })

/** What came of a claim that was computed again. */
export type ClaimOutcome =
  | { status: 'reproduced'; recomputed?: string }
  | {
      status: 'differs'
      recomputed?: string
      /** (printed - recomputed) / recomputed; absent where there are no numbers to compare. */
      by?: number
      /** The printed value lies within what its inputs, each known to half a unit of its last digit, allow. */
      withinRounding: boolean
    }
  | { status: 'untestable'; why: Said }

/**
 * A claim of a post with what came of it: a sentence, or (`of` is `table/key of the row/column`) a derived cell, or an input that is
 * held to others or to the catalogue.
 */
export type CheckedClaim = {
  of: string
  kind: 'cell' | 'input' | 'sentence'
  formula?: string
  printed?: string
  lines: readonly number[]
  outcome: ClaimOutcome
}
