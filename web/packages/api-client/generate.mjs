// Writes src/generated/<service>.ts from the committed contracts.
// Leaves out any judgement of the contracts: that is the services' own tests' work.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const contracts = new URL('../../../contracts/', import.meta.url)
const generated = new URL('./src/generated/', import.meta.url)
const suffix = '.openapi.json'

const HEADER = '//! Written by `npm run generate` from the committed contract; do not edit.\n\n'

/** Name and text of every generated file, in order. */
export async function generate() {
  const services = readdirSync(contracts).filter((file) => file.endsWith(suffix)).sort()
  return Promise.all(services.map(async (file) => {
    const document = JSON.parse(readFileSync(new URL(file, contracts), 'utf8'))
    const text = HEADER + astToString(await openapiTS(document))
    return { name: `${file.slice(0, -suffix.length)}.ts`, text }
  }))
}

/** Names of generated files that are not what the contracts say today. */
export async function stale() {
  const files = await generate()
  return files.filter(({ name, text }) => {
    const path = new URL(name, generated)
    return !existsSync(path) || readFileSync(path, 'utf8') !== text
  }).map(({ name }) => name)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(generated, { recursive: true })
  for (const { name, text } of await generate()) {
    const path = new URL(name, generated)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      writeFileSync(path, text)
      console.log(`packages/api-client/src/generated/${name} changed`)
    }
  }
}
