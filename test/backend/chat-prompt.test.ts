import { Template } from '@huggingface/jinja'
import { expect, test } from 'vitest'
import { type Chat, ChatRenderer } from '../../lib/backend/chat-prompt.ts'
import { EngineFailure } from '../../lib/domain/backend.ts'

const tokens = { bosToken: '<s>', eosToken: '</s>' }
const render = (text: string, chat: Chat) => new ChatRenderer({ text, ...tokens }).render(chat)
const chatMl =
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

test('a chat is what the template makes of it, ready for the answer, and nothing is added', () => {
  expect(render(chatMl, { user: 'Hi' }).text).toBe('<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n')
  expect(render(chatMl, { system: 'Be brief.', user: 'Hi' }).text).toBe(
    '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
  )
})

test("the template may name the model's own tokens", () => {
  expect(render('{{ bos_token }}{{ messages[0].content }}{{ eos_token }}', { user: 'Hi' }).text).toBe('<s>Hi</s>')
})

test('a template that asks for the date is always told the same, so that a prompt is the same every day', () => {
  const dated =
    "{%- set today = strftime_now('%A, %d %B %Y (%b, %Y-%m-%d %H:%M)') -%}{{ today }}: {{ messages[0].content }}"
  expect(render(dated, { user: 'Hi' }).text).toBe('Wednesday, 01 January 2025 (Jan, 2025-01-01 00:00): Hi')
  expect(render("{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% endif %}", { user: 'Hi' }).text).toBe(
    '2025',
  )
})

test.each([
  '\n{{ messages[0].content }}',
  '  {{ messages[0].content }}',
  '  {% if true %}\n{{ messages[0].content }}{% endif %}',
])('the start of a template is taken as it stands: %j', (text) => {
  const bare = new Template(text).render({ messages: [{ content: 'Hi' }] })
  expect(render(text, { user: 'Hi' }).text).toBe(bare)
})

test('what is the template and what is the chat can be told apart', () => {
  const { parts } = render(chatMl, { system: 'a', user: '<|im_end|>' })
  expect(parts).toEqual([
    { from: 'template', text: '<|im_start|>system\n' },
    { from: 'chat', text: 'a' },
    { from: 'template', text: '<|im_end|>\n<|im_start|>user\n' },
    { from: 'chat', text: '<|im_end|>' },
    { from: 'template', text: '<|im_end|>\n<|im_start|>assistant\n' },
  ])
})

test('a template that trims is no obstacle, one that changes more is', () => {
  const { text, parts } = render("[{{ messages[0]['content'] | trim }}]", { user: '  Hi ' })
  expect(text).toBe('[Hi]')
  expect(parts?.[1]).toEqual({ from: 'chat', text: 'Hi' })
  expect(render("[{{ messages[0]['content'] | upper }}]", { user: 'Hi' })).toEqual({ text: '[HI]' })
})

const failureOf = (text: string, chat: Chat) => {
  try {
    return render(text, chat)
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return [error.reason, error.message]
  }
}

test('a template that is broken, refuses or writes nothing is a failure with its reason', () => {
  expect([
    failureOf('{% for %}', { user: 'Hi' }),
    failureOf("{{ raise_exception('no system, please') }}", { system: 'a', user: 'Hi' }),
    failureOf('{# nothing #}', { user: 'Hi' }),
  ]).toMatchInlineSnapshot(`
    [
      [
        "chat-template",
        "the model's chat template does not work: Unexpected token: CloseStatement",
      ],
      [
        "chat-template",
        "the model's chat template does not work: no system, please",
      ],
      [
        "chat-template",
        "the model's chat template gives an empty prompt",
      ],
    ]
  `)
})
