//! End-to-end tests in a real Chromium. One at a time: they share two cores with the platform they look at.
//!
//! BIJOU_BASE_URL names a running platform (with BIJOU_OPERATOR_URL and BIJOU_OPERATOR_TOKEN for the operator's page);
//! without it the built apps are served with the mock. Screenshots go to `.screens` or to BIJOU_E2E_SCREENS.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
