//! Unit tests of all packages: plain Node, no DOM. What needs a browser is in `e2e`.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['packages/**/*.test.ts', 'apps/**/*.test.ts'], environment: 'node' },
})
