/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

interface ImportMetaEnv {
  /* Where the server is, for the mini-program: https://quiz.example.org, without a slash at the end. */
  readonly VITE_JINGDA_SERVER?: string
}
