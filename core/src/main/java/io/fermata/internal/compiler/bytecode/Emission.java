package io.fermata.internal.compiler.bytecode;

/** A piece of code that one writer leaves to another. */
public interface Emission {
  /** Writes it. */
  void write(Assembler out) throws NotCompilable;
}
