// `npm run build`: the command as a few files instead of 300, so that it answers in half the time; the library stays as compiled.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The command, and each worker thread under the name its starter asks for. */
const entryPoints = {
  skyhook: at('src/cli/main.ts'),
  'fragment-worker': at('src/exec/fragment/fragment-worker.ts'),
  worker: at('src/exec/duckdb/worker.ts'),
  'ingest-worker': at('src/ingest/ingest-worker.ts'),
};

/** What brings files of its own: machine code, WebAssembly. */
const external = ['@duckdb/duckdb-wasm', 'lz4-napi', '@napi-rs/lzma', 'koffi'];

/** @param more further programs by name, for tests, whose stacks are to be read */
export async function bundleCommand(outdir: string, more?: Readonly<Record<string, string>>): Promise<void> {
  await build({
    entryPoints: { ...entryPoints, ...more },
    outdir,
    external,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: more === undefined,
    // CommonJS packages inside call `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleCommand(at('dist/bin'));
