import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm start` builds the console by itself; `npx vite apps/console` beside a running server is for work on it. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  // The server puts a fresh value in the place of this one with each page.
  html: { cspNonce: '__nonce__' },
  build: {
    target: 'es2022',
    // Nothing inline: the policy of the page allows no data: script or font.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
