package io.fermata.internal.compiler;

/** A piece of code that one writer leaves to another. */
interface Emission {
  /** Writes it. */
  void write(Assembler out) throws NotCompilable;
}
