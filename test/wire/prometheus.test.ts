import { expect, test } from 'vitest'
import { countersIn, growth } from '../../lib/wire/prometheus.ts'

const text = `# HELP vllm:time_to_first_token_seconds Histogram of time to first token in seconds.
# TYPE vllm:time_to_first_token_seconds histogram
vllm:time_to_first_token_seconds_sum{engine="0",model_name="a } b"} 0.25
vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001"} 3.0
vllm:time_to_first_token_seconds_count{engine="0"} 5.0
vllm:time_to_first_token_seconds_created{engine="0"} 1.76e+09
vllm:generation_tokens_total{engine="0"} 1.5e3
vllm:generation_tokens_total{engine="1"} 500 1763000000000
vllm:num_requests_running{engine="0"} 2.0
odd_total NaN
odd_total{ +Inf
llamacpp:prompt_tokens_total 12\r
`

test('what only grows is kept, added up over labels', () => {
  expect(countersIn(text)).toEqual({
    'vllm:time_to_first_token_seconds_sum': 0.25,
    'vllm:time_to_first_token_seconds_count': 5,
    'vllm:generation_tokens_total': 2000,
    'llamacpp:prompt_tokens_total': 12,
  })
})

test('a text that is none has none, and one without end has so many', () => {
  expect(countersIn('<html>no</html>')).toEqual({})
  const endless = Array.from({ length: 5000 }, (_, i) => `a${i}_total 1`).join('\n')
  expect(Object.keys(countersIn(endless)).length).toBe(2000)
})

test('what grew is what was added; a counter that began anew is left out', () => {
  expect(growth({ a_total: 1, b_total: 5, c_total: 2 }, { a_total: 3, b_total: 1, c_total: 2, d_total: 4 })).toEqual({
    a_total: 2,
    d_total: 4,
  })
})
