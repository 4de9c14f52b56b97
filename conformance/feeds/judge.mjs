//! Judges a `DataFeed` by schema.org's vocabulary, and says what is wrong, a mistake a line.
//!
//!     node judge.mjs FEED
//!
//! The vocabulary is `schema-dts`, which Google makes from schema.org; the judge is TypeScript's compiler: a member that a type
//! does not have, or a value that is none of its types, does not compile. `@context` is no part of the vocabulary, and that a
//! target has a language (`inLanguage`) is Google's addition to it: both are passed over. Ends with 1 where something is wrong.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const KINDS = ['Movie', 'TVSeries', 'TVSeason', 'TVEpisode']
/** Enough to see what it is about. */
const SHOWN_MAX = 20

function judged(value) {
  if (Array.isArray(value)) return value.map(judged)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).filter(([name]) => name !== '@context' && !(name === 'inLanguage' && value['@type'] === 'EntryPoint'))
  return Object.fromEntries(members.map(([name, value]) => [name, judged(value)]))
}

const { dataFeedElement, ...feed } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const elements = dataFeedElement.map(judged)
const mistakes = elements.flatMap((element, at) => (KINDS.includes(element['@type']) ? [] : [`element ${at}: \`${element['@type']}\` is nothing to watch`]))

// A line for each element: the compiler says in which.
const lines = [
  `import type { DataFeed, ${KINDS.join(', ')} } from 'schema-dts'`,
  ...elements.map((element, at) => `const element${at}: ${KINDS.includes(element['@type']) ? element['@type'] : 'Movie'} = ${JSON.stringify(element)}`),
  `const elements = [${elements.map((_, at) => `element${at}`).join(', ')}]`,
  `export const feed: DataFeed = ${JSON.stringify(judged(feed)).replace(/}$/, ', dataFeedElement: elements }')}`,
]
const options = {
  noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
}
// It is nowhere on disk, but as if it lay beside this file, where `schema-dts` is found.
const file = fileURLToPath(new URL('./feed.mts', import.meta.url))
const host = ts.createCompilerHost(options)
const { getSourceFile, fileExists, readFile } = host
host.getSourceFile = (name, ...more) => (name === file ? ts.createSourceFile(name, lines.join('\n'), more[0]) : getSourceFile.call(host, name, ...more))
host.fileExists = (name) => name === file || fileExists.call(host, name)
host.readFile = (name) => (name === file ? lines.join('\n') : readFile.call(host, name))
for (const { file: source, start = 0, messageText } of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
  const line = source?.fileName === file ? ts.getLineAndCharacterOfPosition(source, start).line : 0
  const element = elements[line - 1]
  const said = ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300)
  mistakes.push(element ? `element ${line - 1} (${element['@type']} ${element['@id']}): ${said}` : said)
}
for (const mistake of mistakes.slice(0, SHOWN_MAX)) console.log(mistake)
if (mistakes.length > SHOWN_MAX) console.log(`and ${mistakes.length - SHOWN_MAX} more`)
process.exit(mistakes.length > 0 ? 1 : 0)
