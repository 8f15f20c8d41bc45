/** What a report may be made by: `page` shows all that was measured, `post` is prose bound to it. */
export const reportTemplates = ['page', 'post'] as const
export type ReportTemplate = (typeof reportTemplates)[number]
