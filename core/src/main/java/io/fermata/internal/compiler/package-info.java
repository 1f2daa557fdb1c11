/** What can be learned about a body from its bytecode. The only package that knows ASM. */
@NullMarked
package io.fermata.internal.compiler;

import org.jspecify.annotations.NullMarked;
