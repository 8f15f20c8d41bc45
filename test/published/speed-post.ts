/** `post.yaml` of a post with a table of four columns, one of them derived; it has no claims of its own. */
export const speedPost = `title: { en: Speed, ko: 속도 }
source: { title: Speed }
tables:
  speed:
    file: speed.csv
    title: { en: Speed, ko: 속도 }
    columns:
      gpu: { title: { en: GPU, ko: GPU }, role: key }
      tps: { title: { en: Speed, ko: 속도 }, unit: tokens/s, role: measured }
      usd: { title: { en: Price, ko: 가격 }, unit: USD, role: fact }
      per_usd: { title: { en: Per dollar, ko: 달러당 }, role: derived, formula: tps / usd }
`
