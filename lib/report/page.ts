import Handlebars from 'handlebars'

/**
 * Fills the template `name` with `view`; the other templates are its partials. Everything is escaped but what a template
 * takes with three braces, which is only what this folder drew itself. A field that a template names and `view` lacks throws.
 */
export function renderPage(templates: Readonly<Record<string, string>>, view: object, name = 'page'): string {
  const handlebars = Handlebars.create()
  handlebars.unregisterHelper('log') // or a field of that name would be printed on the console instead of the page
  for (const [partial, source] of Object.entries(templates)) handlebars.registerPartial(partial, source)
  const options = { strict: true, knownHelpersOnly: true }
  return handlebars.compile(templates[name] ?? '', options)(view)
}
