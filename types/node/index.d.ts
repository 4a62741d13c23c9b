// Nothing, on purpose. Some packages (csv-parse) ask for Node's types and would bring them into the core by the back
// door; tsconfig.core.json answers with this file, so that a Buffer or a process in the core does not compile.
export {};
