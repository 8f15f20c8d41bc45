const change = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`

/** Options with which a Node takes itself for an older one. */
export const asOldNode = ['--import', `data:text/javascript,${encodeURIComponent(change)}`]
