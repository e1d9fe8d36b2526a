// The kernel as a native program (kernel/native/serve.cc), for comparisons and timings.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../kernel/', import.meta.url));

/** Whether there is a compiler to build it with. */
export const hasCompiler = (): boolean => spawnSync('clang++-14', ['--version']).status === 0;

export class NativeKernel {
  private readonly child: ChildProcessWithoutNullStreams;
  private received: Buffer = Buffer.alloc(0);
  private readonly waiting: { resolve: (answer: NativeAnswer) => void; reject: (error: Error) => void }[] = [];

  private constructor() {
    this.child = spawn(`${folder}build/serve`);
    this.child.stderr.pipe(process.stderr);
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.deliver();
    });
    this.child.on('exit', (code, signal) => {
      for (const { reject } of this.waiting) reject(new Error(`the native kernel ended: ${code ?? signal}`));
    });
  }

  static build(): NativeKernel {
    const { status, stderr } = spawnSync(`${folder}build-native.sh`, ['serve'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`no native kernel: ${stderr}`);
    return new NativeKernel();
  }

  /** What the fragments that follow run over. */
  object(bytes: Uint8Array): void {
    const head = Buffer.alloc(5);
    head.write('o');
    head.writeUInt32LE(bytes.length, 1);
    this.child.stdin.write(head);
    this.child.stdin.write(bytes);
  }

  run(fragment: Uint8Array, repetitions = 1): Promise<NativeAnswer> {
    const head = Buffer.alloc(9);
    head.write('f');
    head.writeUInt32LE(repetitions, 1);
    head.writeUInt32LE(fragment.length, 5);
    this.child.stdin.write(Buffer.concat([head, fragment]));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  close(): void {
    this.child.stdin.end();
  }

  private deliver(): void {
    while (this.received.length >= 4) {
      const size = this.received.readUInt32LE(0);
      if (this.received.length < size + 12) return;
      const answer = { bytes: this.received.subarray(4, size + 4), millis: this.received.readDoubleLE(size + 4) };
      this.received = this.received.subarray(size + 12);
      this.waiting.shift()!.resolve(answer);
    }
  }
}

export interface NativeAnswer {
  readonly bytes: Uint8Array;
  /** Processor time, the least of the repetitions. */
  readonly millis: number;
}
