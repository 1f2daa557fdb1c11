/**
 * Bytecode, whatever it is for: the flow through it, its blocks and loops, and the writing of it;
 * the names of the library in it. It knows no bodies and no {@code co}.
 */
@NullMarked
package io.fermata.internal.compiler.bytecode;

import org.jspecify.annotations.NullMarked;
