// The part of the WebAssembly JavaScript API that is used here; TypeScript declares it only together with the DOM.
declare global {
  namespace WebAssembly {
    type ExportValue = unknown;
    type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    class Module {
      constructor(bytes: Uint8Array);
      readonly brand: 'WebAssembly.Module';
    }
    class Instance {
      constructor(module: Module, imports?: Imports);
      readonly exports: Readonly<Record<string, ExportValue>>;
    }
    class Memory {
      constructor(descriptor: { readonly initial: number; readonly maximum?: number });
      readonly buffer: ArrayBuffer;
      grow(pages: number): number;
    }
    class RuntimeError extends Error {}
    function compile(bytes: Uint8Array): Promise<Module>;
    function instantiate(module: Module, imports: Imports): Promise<Instance>;
  }
}

export {};
