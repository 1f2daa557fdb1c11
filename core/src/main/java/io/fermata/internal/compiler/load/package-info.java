/**
 * The run-time front of the compiler: bodies of loaded classes in, defined frame classes out. The
 * only part of the compiler that knows {@code Class} objects.
 */
@NullMarked
package io.fermata.internal.compiler.load;

import org.jspecify.annotations.NullMarked;
